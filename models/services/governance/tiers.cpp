#include "models/services/governance/tiers.h"

#include "models/services/governance/packs.h"
#include "models/services/governance/parts.h"
#include "models/services/workspace/journal.h"
#include "models/store/queries/governance/lifecycle.h"
#include "models/store/queries/queries.h"

namespace countersign::services {

namespace {

Result<TierAssessment> newest(Session &session, const ModelId &model)
{
    const auto all = store::tierAssessments(session.connection(), model);
    if (!all)
        return all.error();
    if (all->empty())
        return Error{ErrorKind::NotFound, "The tier of this model was never assessed.", {}};
    return all->front();
}

} // namespace

Result<policy::Pack> tieringPack(Session &session, const ModelId &id)
{
    const auto model = store::findModel(session.connection(), id);
    if (!model)
        return model.error();
    auto packs = packsOf(session, *model);
    if (!packs)
        return packs.error();
    for (policy::Pack &pack : *packs)
        if (!pack.tiers.empty())
            return std::move(pack);
    return Error{ErrorKind::NotFound, "No pack with tiers governs " + model->name + ". Publish one for all models, or choose one for this model.", {}};
}

Result<TierAssessment> assessTier(Session &session, const TierRequest &request)
{
    if (const auto status = checkText(request.reason); !status)
        return status.error();
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    if (const auto role = policy::mayAssessTier(*session.person()); !role)
        return role.error();
    const auto pack = tieringPack(session, request.model);
    if (!pack)
        return pack.error();
    const auto scored = policy::scoreTier(pack->scoring, request.answers);
    if (!scored)
        return scored.error();
    if (!request.tier && !scored->tier)
        return Error{ErrorKind::Invalid, pack->title + " computes no tier. Choose one.", {}};
    const int tier = request.tier.value_or(scored->tier.value_or(1));
    const auto needsConfirmation = policy::mayOverride(*pack, *scored, tier, request.reason);
    if (!needsConfirmation)
        return needsConfirmation.error();
    json::Object body{{"answers", store::pairArray(request.answers)}, {"model", request.model.text()}, {"needsConfirmation", *needsConfirmation}, {"pack", pack->id},
                      {"packVersion", pack->version}, {"points", scored->points}, {"tier", tier}};
    if (scored->tier)
        body.set("computed", *scored->tier);
    if (!request.reason.empty())
        body.set("reason", store::textValue(request.reason));
    if (const auto seq = journal->record({"model.assess", std::move(body), {}, {}, {}}); !seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return newest(session, request.model);
}

Result<TierAssessment> confirmTier(Session &session, const ModelId &model)
{
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    const auto assessment = newest(session, model);
    if (!assessment)
        return assessment.error();
    if (assessment->isConfirmed)
        return Error{ErrorKind::Conflict, "The last assessment of the tier awaits nobody's confirmation.", {}};
    if (const auto role = policy::mayConfirmTier(*session.person(), assessment->person); !role)
        return role.error();
    if (const auto seq = journal->record({"model.confirm", {{"assessment", assessment->event}, {"model", model.text()}, {"tier", assessment->tier}}, {}, {}, {}}); !seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return newest(session, model);
}

} // namespace countersign::services
