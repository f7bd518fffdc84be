#pragma once

#include "app/cli/context.h"
#include "models/policy/packs/pack.h"

#include <vector>

namespace countersign::policy {
struct Pack;
}

/// The verbs of governance: what people decide about models, on what evidence.
namespace countersign::cli {

/// Their part of the table (verb.h).
std::vector<Verb> governanceVerbs();
std::vector<Verb> evidenceVerbs();
std::vector<Verb> lifeVerbs();

/// Narrows a list to the model or version that the first argument names, where it does. NotFound.
template<class Filter>
Status narrow(Context &context, Filter &filter)
{
    const auto name = context.line().argument(0);
    if (name.empty())
        return {};
    const auto subject = services::findSubject(context.session(), name);
    if (!subject)
        return subject.error();
    if (subject->version)
        filter.version = subject->version->id;
    else
        filter.model = subject->model.id;
    return {};
}

Result<ExitCode> runFindingOpen(Context &context);
Result<ExitCode> runFindingList(Context &context);
Result<ExitCode> runFindingShow(Context &context);
Result<ExitCode> runFindingChange(Context &context);
Result<ExitCode> runFindingChallenge(Context &context);
Result<ExitCode> runFindingAnswer(Context &context);
Result<ExitCode> runFindingRemediate(Context &context);
Result<ExitCode> runFindingRetest(Context &context);
Result<ExitCode> runFindingClose(Context &context);
Result<ExitCode> runFindingReopen(Context &context);

/// A built-in pack by its id; anything else is a file. NotFound, Invalid.
Result<policy::Pack> packNamed(const std::string &name);

Result<ExitCode> runEvidenceStatus(Context &context);
Result<ExitCode> runEvidenceAdd(Context &context);
Result<ExitCode> runEvidenceList(Context &context);
Result<ExitCode> runEvidenceShow(Context &context);
Result<ExitCode> runEvidenceSave(Context &context);
Result<ExitCode> runEvidenceReview(Context &context);
Result<ExitCode> runEvidenceWithdraw(Context &context);
Result<ExitCode> runCardExport(Context &context);
Result<ExitCode> runCardImport(Context &context);
Result<ExitCode> runBomExport(Context &context);
Result<ExitCode> runBomImport(Context &context);
Result<ExitCode> runBomShow(Context &context);
Result<ExitCode> runEvidenceRequest(Context &context);
Result<ExitCode> runEvidenceRequests(Context &context);
Result<ExitCode> runEvidenceDecline(Context &context);
Result<ExitCode> runEvidenceCancel(Context &context);

Result<ExitCode> runPackList(Context &context);
Result<ExitCode> runPackShow(Context &context);
Result<ExitCode> runPackCheck(Context &context);
Result<ExitCode> runPackCompare(Context &context);
Result<ExitCode> runPackSchema(Context &context);
Result<ExitCode> runPackPreview(Context &context);
Result<ExitCode> runPackPublish(Context &context);
Result<ExitCode> runPackPublished(Context &context);
Result<ExitCode> runPackRetire(Context &context);
Result<ExitCode> runPackAssign(Context &context);
/// A built-in pack by its id; anything else is a file.
Result<policy::Pack> packNamed(const std::string &name);

Result<ExitCode> runTierAsk(Context &context);
Result<ExitCode> runTierAssess(Context &context);
Result<ExitCode> runTierConfirm(Context &context);
Result<ExitCode> runStageShow(Context &context);
Result<ExitCode> runStageMove(Context &context);
Result<ExitCode> runStageAt(Context &context);

Result<ExitCode> runGate(Context &context);
Result<ExitCode> runGateVerify(Context &context);
Result<ExitCode> runArtifactAdd(Context &context);
Result<ExitCode> runArtifactList(Context &context);
Result<ExitCode> runReleaseIssue(Context &context);
Result<ExitCode> runReleaseToken(Context &context);
Result<ExitCode> runReleaseList(Context &context);
Result<ExitCode> runReleaseRevoke(Context &context);
Result<ExitCode> runReleaseTrust(Context &context);

Result<ExitCode> runWaiverRequest(Context &context);
Result<ExitCode> runWaiverList(Context &context);
Result<ExitCode> runWaiverShow(Context &context);
Result<ExitCode> runWaiverGrant(Context &context);
Result<ExitCode> runWaiverDecline(Context &context);
Result<ExitCode> runWaiverEnd(Context &context);

} // namespace countersign::cli
