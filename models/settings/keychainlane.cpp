#include "models/settings/keychainlane.h"

#include <qt6keychain/keychain.h>

#include <QCoreApplication>
#include <QLoggingCategory>
#include <QThread>

#include <cstring>
#include <future>

namespace countersign::settings {

namespace {

/// The only thread that touches QtKeychain. Its queue of jobs is one object for the whole process, knows no lock, and belongs to the
/// thread that used it first; its answers come through the event loop of the thread that asked. A thread of our own that lives as long
/// as the application, and always runs its loop, satisfies all of that whoever calls.
class Lane
{
public:
    static Lane &instance()
    {
        static Lane *const lane = new Lane; // never deleted: a thread may be waiting in it while statics are destroyed
        return *lane;
    }
    QObject *context() { return &m_context; }

private:
    Lane()
    {
        // QtKeychain traces each call with qDebug(), which would end up on standard error.
        QLoggingCategory::defaultCategory()->setEnabled(QtDebugMsg, false);
        m_thread.setObjectName(QStringLiteral("keychain"));
        m_context.moveToThread(&m_thread);
        m_thread.start();
        qAddPostRoutine([] {
            instance().m_thread.quit();
            instance().m_thread.wait(1000);
        });
    }

    QThread m_thread;
    QObject m_context;
};

QKeychain::Job *makeJob(const KeychainRequest &request)
{
    switch (request.act) {
    case KeychainRequest::Act::Read:
        return new QKeychain::ReadPasswordJob(request.service);
    case KeychainRequest::Act::Remove:
        return new QKeychain::DeletePasswordJob(request.service);
    case KeychainRequest::Act::Write:
        break;
    }
    auto *write = new QKeychain::WritePasswordJob(request.service);
    QString text = QString::fromUtf8(request.password->view().data(), static_cast<qsizetype>(request.password->size()));
    write->setTextData(text);
    ::explicit_bzero(text.data(), static_cast<std::size_t>(text.size()) * sizeof(QChar));
    return write;
}

KeychainAnswer answerOf(QKeychain::Job *job)
{
    KeychainAnswer answer{job->error(), job->errorString(), {}};
    if (auto *read = qobject_cast<QKeychain::ReadPasswordJob *>(job)) {
        const QByteArray shared = read->binaryData();
        answer.password = crypto::Secret(static_cast<std::size_t>(shared.size()));
        if (!shared.isEmpty()) {
            std::memcpy(answer.password.data(), shared.constData(), static_cast<std::size_t>(shared.size()));
            // The job's own bytes, not a copy: it is about to be deleted and would leave them in freed memory.
            ::explicit_bzero(const_cast<char *>(shared.constData()), static_cast<std::size_t>(shared.size()));
        }
    }
    return answer;
}

} // namespace

std::optional<KeychainAnswer> askKeychain(KeychainRequest request, std::chrono::milliseconds limit)
{
    Q_ASSERT_X(QCoreApplication::instance(), "askKeychain", "needs a QCoreApplication");
    const auto promise = std::make_shared<std::promise<KeychainAnswer>>();
    auto future = promise->get_future();
    QObject *context = Lane::instance().context();
    QMetaObject::invokeMethod(
        context,
        [request = std::move(request), promise, context] {
            // The job deletes itself when it is finished. Deleting it earlier would leave libsecret with a dangling pointer to it.
            QKeychain::Job *job = makeJob(request);
            job->setKey(request.key);
            job->setInsecureFallback(false);
            QObject::connect(job, &QKeychain::Job::finished, context,
                             [promise](QKeychain::Job *finished) { promise->set_value(answerOf(finished)); });
            job->start();
        },
        Qt::QueuedConnection);
    if (future.wait_for(limit) != std::future_status::ready)
        return {};
    return future.get();
}

} // namespace countersign::settings
