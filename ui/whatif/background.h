#pragma once

#include "models/base/progress.h"

#include <QFutureWatcher>
#include <QObject>
#include <QtConcurrent/QtConcurrentRun>

#include <atomic>
#include <memory>
#include <optional>

namespace countersign::pages {

/// One piece of long work at a time, on the global pool. What is started next ends what runs, and only the newest answers. Work takes
/// values only: it may go on for a moment after the page has died.
class Background : public QObject
{
    Q_OBJECT
public:
    explicit Background(QObject *parent) : QObject(parent) {}
    ~Background() override { drop(); }
    Q_DISABLE_COPY_MOVE(Background)

    /// Runs `work(const Progress &)`, which returns a Result<T>, then `done(const Result<T> &)` here.
    template<class Work, class Done>
    void start(const QString &what, Work work, Done done)
    {
        using Outcome = std::invoke_result_t<Work &, const Progress &>;
        drop();
        auto outcome = std::make_shared<std::optional<Outcome>>();
        auto cancel = std::make_shared<std::atomic<bool>>(false);
        auto *watcher = new QFutureWatcher<void>(this);
        m_cancel = cancel;
        m_watcher = watcher;
        connect(watcher, &QFutureWatcherBase::progressValueChanged, this, [this, watcher](int percent) {
            if (watcher == m_watcher)
                Q_EMIT progressed(percent);
        });
        connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, outcome, done = std::move(done)] {
            watcher->deleteLater();
            if (watcher != m_watcher)
                return;
            m_watcher = nullptr;
            Q_EMIT finished();
            done(**outcome);
        });
        watcher->setFuture(QtConcurrent::run([outcome, cancel, work = std::move(work)](QPromise<void> &promise) mutable {
            promise.setProgressRange(0, 100);
            Progress progress;
            progress.cancel = cancel.get();
            progress.report = [&promise](std::uint64_t amount, std::uint64_t total, const std::string &) {
                if (total > 0)
                    promise.setProgressValue(static_cast<int>(100 * amount / total));
            };
            outcome->emplace(work(progress));
        }));
        Q_EMIT started(what);
    }
    bool isBusy() const { return m_watcher != nullptr; }
    /// The work answers with Error{Cancelled} as soon as it notices.
    void cancel()
    {
        if (m_cancel)
            *m_cancel = true;
    }

Q_SIGNALS:
    void started(const QString &what);
    void progressed(int percent);
    void finished();

private:
    void drop()
    {
        cancel();
        if (m_watcher) {
            m_watcher = nullptr; // it goes when its work is done
            Q_EMIT finished();
        }
    }

    std::shared_ptr<std::atomic<bool>> m_cancel;
    QFutureWatcher<void> *m_watcher = nullptr;
};

} // namespace countersign::pages
