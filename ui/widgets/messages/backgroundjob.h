#pragma once

#include "models/base/progress.h"
#include "models/base/result.h"

#include <QFutureWatcher>
#include <QObject>
#include <QPromise>
#include <QString>
#include <QtConcurrent/QtConcurrentRun>

#include <memory>

namespace countersign::widgets {

/// Work that neither the window nor the workspace's lane waits for: `work(const Progress &)` runs on a thread of its own and returns a Result,
/// which `done` gets on the window's thread. A new run cancels the one before, whose outcome is told to nobody; so does the end of this object.
class BackgroundJob : public QObject
{
    Q_OBJECT
public:
    explicit BackgroundJob(QObject *parent = nullptr) : QObject(parent) {}
    ~BackgroundJob() override { cancel(); }
    Q_DISABLE_COPY_MOVE(BackgroundJob)

    template<class Work, class Done>
    void run(Work work, Done done);
    void cancel()
    {
        if (m_cancel)
            m_cancel->store(true);
    }
    bool isRunning() const { return m_isRunning; }

Q_SIGNALS:
    void progressed(const QString &stage, int percent); ///< percent −1: unknown

private:
    std::shared_ptr<std::atomic<bool>> m_cancel;
    int m_generation = 0;
    bool m_isRunning = false;
};

template<class Work, class Done>
void BackgroundJob::run(Work work, Done done)
{
    using Outcome = std::invoke_result_t<Work &, const Progress &>;
    using Shared = std::shared_ptr<Outcome>;
    cancel();
    m_cancel = std::make_shared<std::atomic<bool>>(false);
    m_isRunning = true;
    auto *watcher = new QFutureWatcher<Shared>(this);
    const int generation = ++m_generation;
    connect(watcher, &QFutureWatcherBase::progressTextChanged, this, [this, generation](const QString &text) {
        if (generation == m_generation && m_isRunning)
            Q_EMIT progressed(text.section(QLatin1Char('\n'), 1), text.section(QLatin1Char('\n'), 0, 0).toInt());
    });
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, generation, done = std::move(done)] {
        watcher->deleteLater();
        if (generation != m_generation)
            return;
        m_isRunning = false;
        m_cancel.reset();
        done(*watcher->result());
    });
    watcher->setFuture(QtConcurrent::run([work = std::move(work), cancel = m_cancel](QPromise<Shared> &promise) mutable {
        Progress progress;
        progress.cancel = cancel.get();
        std::atomic<int> step = 0;
        promise.setProgressRange(0, 1 << 30);
        progress.report = [&promise, &step](std::uint64_t amount, std::uint64_t total, const std::string &stage) {
            // The value must rise for the text to be told; the percentage travels in front of it.
            const int percent = total ? static_cast<int>(100 * amount / total) : -1;
            promise.setProgressValueAndText(++step, QStringLiteral("%1\n%2").arg(percent).arg(QString::fromStdString(stage)));
        };
        promise.addResult(std::make_shared<Outcome>(work(progress)));
    }));
}

} // namespace countersign::widgets
