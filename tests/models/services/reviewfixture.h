#pragma once

#include "models/services/imports/imports.h"
#include "models/services/inventory.h"
#include "models/services/review/review.h"
#include "tests/models/services/workspacefixture.h"

#include <fstream>

namespace countersign::test {

/// A fresh workspace with version 3.2 of credit-pd, Ada who may sign it, and her key.
struct ReviewDesk {
    std::unique_ptr<services::Session> session;
    Person ada;
    std::shared_ptr<crypto::SigningKey> key;
    VersionId version;

    static Result<ReviewDesk> make(const TemporaryFolder &folder, const std::string &address,
                                   const services::Environment &environment)
    {
        ReviewDesk desk;
        auto created = freshWorkspace(address, environment);
        if (!created)
            return created.error();
        desk.session = std::move(*created);
        if (const auto status = desk.moveOn(folder, "0.741"); !status)
            return status.error();
        const auto subject = services::findVersionSubject(*desk.session, "credit-pd/3.2");
        if (!subject)
            return subject.error();
        desk.version = subject->version->id;
        desk.ada = *desk.session->person();
        auto key = desk.session->unlock(desk.ada, passphrase());
        if (!key)
            return key.error();
        desk.key = *key;
        return desk;
    }

    /// Another value of the metric: what was frozen before is no longer what is recorded.
    Status moveOn(const TemporaryFolder &folder, const std::string &value) const
    {
        const std::string path = folder.file("metrics-" + value + ".csv").native();
        std::ofstream(path, std::ios::binary)
            << "model,version,metric,window_start,window_end,value,n\ncredit-pd,3.2,auc,2026-01-01,2026-02-01," +
                   value + ",4800\n";
        const auto outcome = services::importMetrics(*session, path, {});
        return outcome ? Status() : Status(outcome.error());
    }

    services::SignRequest request(const BundleId &bundle) const
    {
        services::SignRequest request;
        request.id = session->environment().randomness->uuid();
        request.bundle = bundle;
        request.decision = Decision::Approve;
        request.meaning = "Validated: independent validation performed";
        return request;
    }

    /// Freezes and signs.
    Result<services::SignReceipt> sign() const
    {
        const auto bundle = services::freezeReview(*session, version);
        return bundle ? services::sign(*session, request(bundle->id), ada, *key)
                      : Result<services::SignReceipt>(bundle.error());
    }
};

} // namespace countersign::test
