#include "models/services/governance/lifecycle.h"

#include "app/cli/commands/governance/governance.h"
#include "app/cli/terminal/output.h"
#include "models/policy/packs/packtext.h"
#include "models/services/governance/tiers.h"
#include "models/services/inventory.h"
#include "models/store/queries/governance/lifecycle.h"

namespace countersign::cli {

namespace {

std::string checkLine(const policy::GateCheck &check) { return "  " + std::string(policy::checkStateTitle(check.state)) + ": " + check.sentence + "\n"; }

json::Object moveJson(const services::VersionMove &move)
{
    json::Object object{{"gate", json::Value(services::gateDocument(move.gate))}, {"id", move.transition.id}, {"isOpen", move.gate.isOpen()}, {"sentence", move.gate.sentence()},
                        {"title", move.transition.title}, {"to", move.to.id}};
    return object;
}

json::Object assessmentJson(const TierAssessment &assessment)
{
    json::Object answers;
    for (const auto &[factor, level] : assessment.answers)
        answers.set(factor, level);
    json::Object object{{"answers", json::Value(std::move(answers))}, {"entry", assessment.entry}, {"isConfirmed", assessment.isConfirmed}, {"pack", assessment.pack},
                        {"packVersion", assessment.packVersion}, {"person", assessment.personName}, {"points", assessment.points}, {"reason", assessment.reason},
                        {"tier", assessment.tier}};
    object.set("computed", assessment.computed ? json::Value(*assessment.computed) : json::Value());
    setTime(object, "time", assessment.at);
    return object;
}

Result<ExitCode> told(Context &context, const char *what, const TierAssessment &assessment)
{
    if (context.isJson())
        printJson(context, what, {{"assessment", assessmentJson(assessment)}});
    else
        context.terminal().print("Tier " + std::to_string(assessment.tier)
                                 + (assessment.computed ? " (computed: tier " + std::to_string(*assessment.computed) + ", " + std::to_string(assessment.points) + " points)" : "")
                                 + (assessment.isConfirmed ? ".\n" : ", in force once somebody else confirms it.\n"));
    return Done;
}

} // namespace

Result<ExitCode> runStageShow(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto subject = services::findVersionSubject(**session, context.line().argument(0));
    if (!subject)
        return subject.error();
    const auto life = services::lifeOf(**session, subject->version->id);
    const auto moves = store::stageMoves((*session)->connection(), subject->version->id);
    if (!life || !moves)
        return life ? moves.error() : life.error();
    if (context.isJson()) {
        json::Array ways;
        for (const auto &move : life->moves)
            ways.emplace_back(moveJson(move));
        json::Array history;
        for (const StageMove &move : *moves) {
            json::Object one{{"entry", move.entry}, {"from", move.from}, {"person", move.personName}, {"reason", move.reason}, {"to", move.to}};
            setTime(one, "time", move.at);
            history.emplace_back(std::move(one));
        }
        printJson(context, "stage", {{"history", json::Value(std::move(history))}, {"model", life->model.name}, {"moves", json::Value(std::move(ways))},
                                     {"pack", life->pack.id}, {"packVersion", life->pack.version}, {"stage", life->stage ? json::Value(life->stage->id) : json::Value()},
                                     {"version", life->version.label}});
        return Done;
    }
    std::string out = life->model.name + " " + life->version.label + ": " + (life->stage ? life->stage->title : std::string(stageTitle(life->version.stage))) + ", by "
        + policy::packName(life->pack) + "\n";
    for (const StageMove &move : *moves)
        out += "  " + timeText(move.at) + " " + move.personName + ": " + move.from + " to " + move.to + (move.reason.empty() ? "" : ": " + move.reason) + " [entry "
            + std::to_string(move.entry) + "]\n";
    for (const auto &move : life->moves) {
        out += "\n" + move.transition.title + " (" + move.transition.id + ", to " + move.to.title + ")\n  " + move.gate.sentence() + "\n";
        for (const policy::GateCheck &check : move.gate.checks)
            out += checkLine(check);
    }
    context.terminal().print(out);
    return Done;
}

Result<ExitCode> runStageMove(Context &context)
{
    const CommandLine &line = context.line();
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto subject = services::findVersionSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    const auto move = services::moveVersion(**session, subject->version->id, line.argument(1), line.valueOr("--reason", {}));
    if (!move)
        return move.error();
    if (context.isJson())
        printJson(context, "stage.move", {{"entry", move->entry}, {"from", move->from}, {"model", subject->model.name}, {"to", move->to}, {"version", subject->version->label}});
    else
        context.terminal().print(subject->model.name + " " + subject->version->label + ": " + move->from + " to " + move->to + "\n");
    return Done;
}

Result<ExitCode> runStageAt(Context &context)
{
    const CommandLine &line = context.line();
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto subject = services::findSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    const auto when = parseTime(line.argument(1));
    if (!when)
        return when.error();
    const auto stage = parseStage(line.valueOr("--stage", "inUse"));
    if (!stage)
        return stage.error().in("--stage");
    const auto versions = store::versionsInStageAt((*session)->connection(), subject->model.id, *stage, *when);
    if (!versions)
        return versions.error();
    Listing listing(context, "versions", {{"Model"}, {"Version"}, {"Id"}});
    for (const VersionId &id : *versions) {
        const auto version = services::findVersionSubject(**session, id.text());
        if (!version)
            return version.error();
        listing.add({version->model.name, version->version->label, id.text()}, {{"id", id.text()}, {"model", version->model.name}, {"version", version->version->label}});
    }
    return listing.finish("No version was moved to " + std::string(stageTitle(*stage)) + " before " + formatUtc(*when) + " and stayed there until then.");
}

Result<ExitCode> runTierAsk(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto subject = services::findSubject(**session, context.line().argument(0));
    if (!subject)
        return subject.error();
    const auto pack = services::tieringPack(**session, subject->model.id);
    if (!pack)
        return pack.error();
    Listing listing(context, "answers", {{"Question"}, {"Answer"}, {"Points"}, {"In words"}});
    for (const auto &factor : pack->scoring.factors)
        for (const auto &level : factor.levels)
            listing.add({factor.id, level.id, std::to_string(level.points), factor.question + " " + level.title},
                        {{"answer", level.id}, {"asks", factor.question}, {"points", level.points}, {"question", factor.id}, {"title", level.title}});
    return listing.finish(policy::packName(*pack) + " asks nothing: its tier is chosen.");
}

Result<ExitCode> runTierAssess(Context &context)
{
    const CommandLine &line = context.line();
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto subject = services::findSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    services::TierRequest request;
    request.model = subject->model.id;
    request.reason = line.valueOr("--reason", {});
    for (const std::string &answer : line.values("--answer")) {
        const auto at = answer.find('=');
        if (at == std::string::npos)
            return usageError("Write an answer as QUESTION=ANSWER. tier ask lists them.", line.path());
        request.answers.emplace_back(answer.substr(0, at), answer.substr(at + 1));
    }
    const auto tier = line.integer("--tier");
    if (!tier)
        return tier.error();
    if (*tier)
        request.tier = static_cast<int>(std::clamp<std::int64_t>(**tier, 0, 9));
    const auto assessment = services::assessTier(**session, request);
    return assessment ? told(context, "tier.assess", *assessment) : Result<ExitCode>(assessment.error());
}

Result<ExitCode> runTierConfirm(Context &context)
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto subject = services::findSubject(**session, context.line().argument(0));
    if (!subject)
        return subject.error();
    const auto assessment = services::confirmTier(**session, subject->model.id);
    return assessment ? told(context, "tier.confirm", *assessment) : Result<ExitCode>(assessment.error());
}

} // namespace countersign::cli
