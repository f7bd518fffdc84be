#include "models/services/governance/releases.h"

#include "app/cli/commands/governance/governance.h"
#include "app/cli/commands/governance/pipelinereport.h"
#include "app/cli/terminal/output.h"
#include "app/cli/terminal/outputfile.h"
#include "app/cli/terminal/textfile.h"
#include "models/services/governance/lifecycle.h"
#include "models/services/inventory.h"
#include "models/store/queries/governance/releases.h"

#include <algorithm>

namespace countersign::cli {

namespace {

constexpr std::size_t kLargestToken = 64U << 20;
constexpr std::size_t kLargestTrust = 8U << 20;

json::Object releaseJson(const IssuedRelease &release, Instant now)
{
    json::Object object{{"entry", release.entry}, {"id", release.id.text()}, {"isInForce", release.isInForce(now)}, {"issuedBy", release.issuedByName}, {"model", release.modelName},
                        {"number", release.number()}, {"version", release.versionLabel}};
    setTime(object, "expires", release.expires);
    setTime(object, "issuedAt", release.issuedAt);
    if (release.revoked) {
        object.set("reason", release.revoked->reason);
        setTime(object, "revokedAt", release.revoked->at);
    }
    return object;
}

json::Value checksJson(const std::vector<PipelineCheck> &checks)
{
    json::Array items;
    for (const PipelineCheck &check : checks)
        items.emplace_back(json::Object{{"id", check.id}, {"isMet", check.isMet}, {"sentence", check.sentence}, {"state", check.state}});
    return json::Value(std::move(items));
}

/// The files for pipelines that the command line asks for.
Status writeReports(Context &context, const PipelineReport &report)
{
    const CommandLine &line = context.line();
    if (const auto file = line.value("--junit"))
        if (const auto status = writeTextFile(*file, junitOf(report), "The report"); !status)
            return status.error().in("--junit");
    if (const auto file = line.value("--sarif"))
        if (const auto status = writeTextFile(*file, sarifOf(report), "The report"); !status)
            return status.error().in("--sarif");
    return {};
}

Result<Stage> stageAsked(const CommandLine &line)
{
    const auto stage = parseStage(line.valueOr("--to", "inUse"));
    return stage ? stage : Result<Stage>(stage.error().in("--to"));
}

std::optional<Instant> momentOf(const CommandLine &line, const char *option, Status &status)
{
    const auto text = line.value(option);
    if (!text)
        return {};
    const auto time = parseTime(*text);
    if (!time) {
        status = time.error().in(option);
        return {};
    }
    return *time;
}

Result<ExitCode> toldRelease(Context &context, const char *what, const IssuedRelease &release)
{
    const Instant now = context.session().now();
    if (context.isJson())
        printJson(context, what, {{"release", releaseJson(release, now)}});
    else
        context.terminal().print(release.number() + " " + release.modelName + " " + release.versionLabel + "\n" + release.standing(now) + ".\n");
    return Done;
}

Status writeToken(Context &context, const IssuedRelease &release)
{
    const auto token = services::releaseToken(context.session(), release);
    if (!token)
        return token.error();
    return writeTextFile(context.line().valueOr("--output", {}), *token, "The token");
}

} // namespace

Result<ExitCode> runGate(Context &context)
{
    const CommandLine &line = context.line();
    const auto stage = stageAsked(line);
    if (!stage)
        return stage.error();
    std::optional<Digest> artifact;
    if (const auto file = line.value("--artifact")) {
        const auto digest = services::digestOf(*file);
        if (!digest)
            return digest.error().in("--artifact");
        artifact = digest->digest;
    }
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto subject = services::findVersionSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    const auto asked = services::pipelineGate(**session, subject->version->id, *stage, artifact);
    if (!asked)
        return asked.error();
    PipelineReport report{"gate " + asked->model.name + "/" + asked->version.label + " to " + asked->stage, {}};
    if (asked->artifact)
        report.checks.push_back({"artifact", asked->artifact->state == policy::CheckState::Met, std::string(policy::checkStateKey(asked->artifact->state)), asked->artifact->sentence});
    for (const policy::GateCheck &check : asked->gate.checks)
        report.checks.push_back({std::string(policy::checkKindKey(check.kind)) + (check.id.empty() ? "" : ":" + check.id), check.state >= policy::CheckState::Waived,
                                 std::string(policy::checkStateKey(check.state)), check.sentence});
    if (const auto status = writeReports(context, report); !status)
        return status.error();
    // Without enough evidence a gate is closed, unless whoever asks takes that on themselves; what is not met stays so.
    const bool isNotMet = std::ranges::any_of(report.checks, [](const PipelineCheck &check) { return check.state == "notMet"; });
    const bool passes = asked->isOpen() || (line.has("--allow-insufficient") && !isNotMet);
    const std::string word = asked->isOpen() ? std::string(asked->gate.word()) : isNotMet ? "fail" : "insufficientEvidence";
    if (context.isJson()) {
        printJson(context, "gate", {{"checks", checksJson(report.checks)}, {"model", asked->model.name}, {"pack", asked->pack}, {"passes", passes}, {"stage", asked->stage},
                                    {"verdict", word}, {"version", asked->version.label}});
    } else {
        std::string out = asked->model.name + " " + asked->version.label + ", " + asked->stage + ", by " + asked->pack + ": " + asked->gate.sentence() + "\n";
        for (const PipelineCheck &check : report.checks)
            out += std::string(check.isMet ? "  " : "! ") + check.sentence + "\n";
        context.terminal().print(out);
    }
    return passes ? Done : No;
}

Result<ExitCode> runGateVerify(Context &context)
{
    const CommandLine &line = context.line();
    Status status;
    const auto now = momentOf(line, "--at", status);
    if (!status)
        return status.error();
    const auto days = line.integer("--max-trust-age");
    if (!days)
        return days.error();
    const auto tokenBytes = readTextFile(line.valueOr("--token", {}), kLargestToken, "The token");
    const auto trustBytes = readTextFile(line.valueOr("--trust", {}), kLargestTrust, "The file of trusted keys");
    if (!tokenBytes || !trustBytes)
        return tokenBytes ? trustBytes.error() : tokenBytes.error();
    const auto trust = release::decodeTrust(*trustBytes);
    if (!trust)
        return trust.error().in("--trust");
    release::Question question;
    question.now = now.value_or(SystemClock().now());
    if (*days)
        question.maxTrustDays = static_cast<int>(std::clamp<std::int64_t>(**days, 0, 100'000));
    if (const auto file = line.value("--artifact")) {
        const auto digest = services::digestOf(*file);
        if (!digest)
            return digest.error().in("--artifact");
        question.artifact = digest->digest;
    }
    const auto decision = release::decide(*tokenBytes, *trust, question);
    PipelineReport report{"release token " + line.valueOr("--token", {}), {}};
    for (const release::Check &check : decision.checks)
        report.checks.push_back({"token", check.isMet, check.isMet ? "met" : "notMet", check.sentence});
    if (const auto written = writeReports(context, report); !written)
        return written.error();
    if (context.isJson()) {
        json::Object answer{{"checks", checksJson(report.checks)}, {"isIntact", decision.isIntact}, {"passes", decision.isOpen()}};
        if (decision.release) {
            answer.set("issuedBy", decision.issuedBy);
            answer.set("model", decision.release->modelName);
            answer.set("release", decision.release->id.text());
            answer.set("version", decision.release->versionLabel);
            setTime(answer, "expires", decision.release->expires);
        }
        printJson(context, "gate.verify", std::move(answer));
    } else {
        std::string out = decision.release ? decision.release->modelName + " " + decision.release->versionLabel + ": " : std::string();
        out += decision.isOpen() ? "open.\n" : "closed.\n";
        for (const release::Check &check : decision.checks)
            out += std::string(check.isMet ? "  " : "! ") + check.sentence + "\n";
        context.terminal().print(out);
    }
    return decision.isOpen() ? Done : decision.isIntact ? No : Integrity;
}

Result<ExitCode> runArtifactAdd(Context &context)
{
    const CommandLine &line = context.line();
    std::vector<services::FileDigest> files;
    for (const std::string &file : line.values("--file")) {
        auto digest = services::digestOf(file);
        if (!digest)
            return digest.error();
        files.push_back(std::move(*digest));
    }
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto subject = services::findVersionSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    const auto known = services::addArtifacts(**session, subject->version->id, files);
    if (!known)
        return known.error();
    Listing listing(context, "artifacts", {{"File"}, {"Size"}, {"Digest"}});
    for (const Artifact &artifact : *known)
        listing.add({artifact.name, std::to_string(artifact.size), artifact.digest.text()},
                    {{"digest", artifact.digest.text()}, {"entry", artifact.entry}, {"name", artifact.name}, {"size", artifact.size}});
    return listing.finish("No file is known.");
}

Result<ExitCode> runArtifactList(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto subject = services::findVersionSubject(**session, context.line().argument(0));
    if (!subject)
        return subject.error();
    const auto known = store::listArtifacts((*session)->connection(), subject->version->id);
    if (!known)
        return known.error();
    Listing listing(context, "artifacts", {{"File"}, {"Size"}, {"Digest"}, {"Added by"}});
    for (const Artifact &artifact : *known)
        listing.add({artifact.name, std::to_string(artifact.size), artifact.digest.text(), artifact.personName},
                    {{"addedBy", artifact.personName}, {"digest", artifact.digest.text()}, {"entry", artifact.entry}, {"name", artifact.name}, {"size", artifact.size}});
    return listing.finish("No file of this version is known. Add one: artifact add.");
}

Result<ExitCode> runReleaseIssue(Context &context)
{
    const CommandLine &line = context.line();
    Status status = checkTarget(line.valueOr("--output", {}), line.has("--force"));
    if (!status)
        return status.error();
    const auto expires = momentOf(line, "--expires", status);
    if (!status)
        return status.error();
    const auto session = context.openForWriting();
    if (!session)
        return session.error();
    const auto subject = services::findVersionSubject(**session, line.argument(0));
    if (!subject)
        return subject.error();
    services::ReleaseRequest request{subject->version->id, expires.value_or((*session)->now() + std::chrono::days(90))};
    const auto prepared = services::prepareRelease(**session, request, context.person());
    if (!prepared)
        return prepared.error(); // before anybody types a passphrase
    context.terminal().say(prepared->sentence);
    const auto key = context.personKey();
    if (!key)
        return key.error();
    const auto issued = services::issueRelease(**session, request, context.person(), **key);
    if (!issued)
        return issued.error();
    if (const auto written = writeToken(context, *issued); !written)
        return Error{written.error().kind, issued->number() + " is issued, but its token was not written: " + written.error().message + " Write it again: release token " + issued->number() + " -o FILE.", {}};
    return toldRelease(context, "release.issue", *issued);
}

Result<ExitCode> runReleaseToken(Context &context)
{
    if (const auto status = checkTarget(context.line().valueOr("--output", {}), context.line().has("--force")); !status)
        return status.error();
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto release = services::findRelease(**session, context.line().argument(0));
    if (!release)
        return release.error();
    if (const auto status = writeToken(context, *release); !status)
        return status.error();
    return toldRelease(context, "release.token", *release);
}

Result<ExitCode> runReleaseList(Context &context)
{
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    store::ReleaseFilter filter;
    if (const auto name = context.line().argument(0); !name.empty()) {
        const auto subject = services::findVersionSubject(**session, name);
        if (!subject)
            return subject.error();
        filter.version = subject->version->id;
    }
    const auto releases = store::listReleases((*session)->connection(), filter);
    if (!releases)
        return releases.error();
    const Instant now = (*session)->now();
    Listing listing(context, "releases", {{"Release"}, {"Of"}, {"Stands"}, {"Issued"}, {"By"}});
    for (const IssuedRelease &release : *releases)
        listing.add({release.number(), release.modelName + " " + release.versionLabel, release.standing(now), formatDate(release.issuedAt), release.issuedByName}, releaseJson(release, now));
    return listing.finish("No release was issued.");
}

Result<ExitCode> runReleaseRevoke(Context &context)
{
    const auto session = context.openForDevice();
    if (!session)
        return session.error();
    const auto release = services::findRelease(**session, context.line().argument(0));
    if (!release)
        return release.error();
    const auto revoked = services::revokeRelease(**session, release->id, context.line().valueOr("--reason", {}));
    return revoked ? toldRelease(context, "release.revoke", *revoked) : Result<ExitCode>(revoked.error());
}

Result<ExitCode> runReleaseTrust(Context &context)
{
    if (const auto status = checkTarget(context.line().valueOr("--output", {}), context.line().has("--force")); !status)
        return status.error();
    const auto session = context.openForReading();
    if (!session)
        return session.error();
    const auto trust = services::releaseTrust(**session);
    if (!trust)
        return trust.error();
    if (const auto status = writeTextFile(context.line().valueOr("--output", {}), *trust, "The file of trusted keys"); !status)
        return status.error();
    context.terminal().say("Written. Export it again after every revocation; a pipeline knows only what is in it.");
    return Done;
}

} // namespace countersign::cli
