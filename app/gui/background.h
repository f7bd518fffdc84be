#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <QtConcurrent/QtConcurrentRun>

#include <memory>
#include <optional>

namespace countersign::gui {

/// Runs `work()` on the global pool, then `done(const T &)` here, unless `context` has died meanwhile. For what needs no workspace:
/// keychain, trial connections, files to verify.
template<class T, class Work, class Done>
void inBackground(QObject *context, Work work, Done done)
{
    auto outcome = std::make_shared<std::optional<T>>();
    auto *watcher = new QFutureWatcher<void>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, outcome, done = std::move(done)] {
        watcher->deleteLater();
        done(**outcome);
    });
    watcher->setFuture(QtConcurrent::run([outcome, work = std::move(work)] { outcome->emplace(work()); }));
}

} // namespace countersign::gui
