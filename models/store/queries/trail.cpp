#include "models/store/queries/trail.h"

namespace countersign::store {

namespace {

std::string named(const TrailContext &context)
{
    if (context.model.empty())
        return context.version;
    return context.version.empty() ? context.model : context.model + " " + context.version;
}

std::string onVersion(const TrailContext &context) { return named(context).empty() ? std::string() : " on " + named(context); }

std::string counted(std::int64_t n, const char *one, const char *many) { return std::to_string(n) + " " + (n == 1 ? one : many); }

/// "/data/logs/may.csv" as people call it.
std::string fileName(const std::string &path)
{
    const auto slash = path.find_last_of("/\\");
    return slash == std::string::npos || slash + 1 == path.size() ? path : path.substr(slash + 1);
}

std::string joined(const std::vector<std::string> &parts)
{
    std::string text;
    for (const auto &part : parts)
        text += (text.empty() ? "" : ", ") + part;
    return text;
}

std::string changedFields(const BodyReader &body)
{
    std::vector<std::string> fields;
    const auto changes = readChanges(body);
    for (const auto &change : changes) {
        if (fields.size() == 3) {
            fields.push_back(counted(static_cast<std::int64_t>(changes.size()) - 3, "more field", "more fields"));
            break;
        }
        fields.push_back(change.field);
    }
    return joined(fields);
}

std::string importSummary(const BodyReader &body)
{
    std::vector<std::string> parts;
    const auto add = [&](const char *key, const char *one, const char *many) {
        if (const auto n = body.integerOrNone(key).value_or(0))
            parts.push_back(counted(n, one, many));
    };
    add("models", "model", "models");
    add("versions", "version", "versions");
    add("runs", "run", "runs");
    add("changes", "changed record", "changed records");
    add("observations", "observation", "observations");
    add("rejected", "rejected row", "rejected rows");
    return "imported " + (parts.empty() ? std::string("nothing new") : joined(parts)) + " from " + body.textOr("source");
}

std::string computedSummary(const BodyReader &body, const TrailContext &context)
{
    const auto count = [&body](const char *key) { return body.integerOrNone(key).value_or(0); };
    return "computed figures of " + named(context) + " from " + fileName(body.textOr("log")) + ": " + counted(count("rows"), "row", "rows") + ", "
           + counted(count("cells"), "group", "groups") + (count("windows") > 0 ? ", " + counted(count("windows"), "window", "windows") : std::string())
           + (count("rejected") > 0 ? ", " + counted(count("rejected"), "rejected row", "rejected rows") : std::string());
}

std::string recomputedSummary(const BodyReader &body, const TrailContext &context)
{
    const auto count = [&body](const char *key) { return body.integerOrNone(key).value_or(0); };
    const std::string compared = counted(count("compared"), "number", "numbers");
    return "computed I-" + std::to_string(count("importNo")) + " of " + named(context) + " again from " + (body.flag("sameLog") ? "its log" : "another log") + ": "
           + (body.flag("equal") ? "equal, " + compared : std::to_string(count("differences")) + " of " + compared + (count("differences") == 1 ? " differs" : " differ"))
           + (count("engine") == count("storedEngine") ? std::string() : ", by another engine");
}

/// "a key of Vera Sample", "the key of a computer".
std::string ofOwner(const TrailContext &context) { return context.person.empty() ? "of a computer" : "of " + context.person; }

std::string policySummary(const BodyReader &body)
{
    const auto cosigners = body.integerOrNone("cosigners").value_or(0);
    return "set the signing policy: new keys " + std::string(body.flag("confirmKeys") ? "are confirmed by a second administrator" : "need one administrator") + ", "
           + (cosigners == 0 ? "no cosigners" : counted(cosigners, "cosigner", "cosigners")) + ", "
           + (body.textOr("reauthentication") == "series" ? "one passphrase for signatures within " + counted(body.integerOrNone("seriesMinutes").value_or(0), "minute", "minutes")
                                                          : std::string("a passphrase for every signature"));
}

std::string verificationSummary(const BodyReader &body)
{
    const auto sentences = body.texts("sentences");
    return "a verification found: " + (sentences.empty() ? std::string("a difference") : sentences.front())
           + (sentences.size() > 1 ? " And " + std::to_string(sentences.size() - 1) + " more." : std::string());
}

/// Keys, how people sign, and what the program noticed itself.
std::string safetySummary(std::string_view kind, const BodyReader &body, const TrailContext &context)
{
    const auto number = [&body](const char *key) { return body.integerOrNone(key).value_or(0); };
    if (kind == "key.propose")
        return "proposed a person key for " + context.person;
    if (kind == "key.confirm")
        return "confirmed the key of " + context.person + ": " + body.textOr("identity");
    if (kind == "key.rotate")
        return "replaced the key of " + context.person + " by a new one";
    if (kind == "key.revoke")
        return "revoked a key " + ofOwner(context) + " from entry " + std::to_string(number("fromSize")) + " on: " + body.textOr("reason");
    if (kind == "policy.signing")
        return policySummary(body);
    if (kind == "security.unlock_failed")
        return "closed signing as " + context.person + " for " + counted(number("closedMinutes"), "minute", "minutes") + " after "
               + counted(number("failures"), "wrong passphrase", "wrong passphrases");
    if (kind == "security.verification_failed")
        return verificationSummary(body);
    if (kind == "security.signature_discarded")
        return "discarded a signature" + onVersion(context) + " that was never recorded: " + body.textOr("reason");
    if (kind == "security.clock_anomaly")
        return "noticed that the clock of the computer went back from " + body.textOr("before") + " to " + body.textOr("now");
    return std::string(kind);
}

std::string findingSummary(std::string_view kind, const BodyReader &body, const TrailContext &context)
{
    if (kind == "finding.open")
        return "opened a finding of severity " + body.textOr("severity") + onVersion(context) + ": " + body.textOr("title");
    if (kind == "finding.update")
        return "changed the finding “" + body.textOr("title") + "”" + onVersion(context) + ": " + changedFields(body);
    static constexpr std::pair<std::string_view, const char *> steps[] = {{"finding.challenge", "challenged"}, {"finding.answer", "answered the challenge of"},
                                                                          {"finding.remediate", "remediated"}, {"finding.retest", "retested"},
                                                                          {"finding.close", "closed"}, {"finding.reopen", "opened again"}};
    for (const auto &[name, word] : steps)
        if (name == kind)
            return word + (" the finding “" + body.textOr("title") + "”") + onVersion(context) + (body.textOr("outcome").empty() ? "" : " (" + body.textOr("outcome") + ")")
                   + ": " + body.textOr("text");
    return std::string(kind);
}

std::string evidenceSummary(std::string_view kind, const BodyReader &body, const TrailContext &context)
{
    const std::string what = " the evidence “" + body.textOr("title") + "”" + onVersion(context);
    const std::string reason = body.textOr("reason").empty() ? std::string() : ": " + body.textOr("reason");
    if (kind == "evidence.add")
        return "added" + what + (body.textOr("requirement").empty() ? std::string() : " for " + body.textOr("requirement"));
    if (kind == "evidence.review")
        return body.textOr("outcome") + what + reason;
    if (kind == "evidence.request")
        return "asked " + context.person + " for evidence" + onVersion(context) + ": " + (body.textOr("text").empty() ? body.textOr("requirement") : body.textOr("text"));
    if (kind == "evidence.decline" || kind == "evidence.cancel")
        return (kind == "evidence.decline" ? "declined" : "cancelled") + (" a request for evidence" + onVersion(context)) + reason;
    if (kind == "evidence.withdraw")
        return "withdrew" + what + reason;
    return std::string(kind);
}

std::string lifeSummary(std::string_view kind, const BodyReader &body, const TrailContext &context)
{
    const std::string reason = body.textOr("reason").empty() ? std::string() : ": " + body.textOr("reason");
    if (kind == "policy.publish")
        return "published the pack " + body.textOr("title") + " " + body.textOr("packVersion") + ", in force from " + body.textOr("effectiveFrom").substr(0, 10);
    if (kind == "policy.retire")
        return "retired the pack " + body.textOr("pack") + " " + body.textOr("packVersion") + reason;
    if (kind == "model.govern") {
        const auto packs = body.texts("packs");
        return (packs.empty() ? "put " + named(context) + " under the default packs" : "put " + named(context) + " under " + joined(packs)) + reason;
    }
    const std::string tier = std::to_string(body.integerOrNone("tier").value_or(0));
    if (kind == "model.assess")
        return "assessed " + named(context) + " as tier " + tier + (body.flag("needsConfirmation") ? ", to be confirmed" : "") + reason;
    if (kind == "model.confirm")
        return "confirmed tier " + tier + " of " + named(context);
    return "moved " + named(context) + " from " + body.textOr("from") + " to " + body.textOr("to") + reason;
}

std::string waiverSummary(std::string_view kind, const BodyReader &body, const TrailContext &context)
{
    if (kind == "waiver.request")
        return "asked for a waiver" + onVersion(context) + " until " + body.textOr("until").substr(0, 10) + ": " + body.textOr("misses");
    if (kind == "waiver.grant")
        return "granted a waiver" + onVersion(context) + " until " + body.textOr("until").substr(0, 10);
    return (kind == "waiver.decline" ? "declined a waiver" : "ended a waiver") + onVersion(context) + ": " + body.textOr("reason");
}

} // namespace

std::string trailSummary(std::string_view kind, const BodyReader &body, const TrailContext &context)
{
    if (kind == "ledger.genesis")
        return "began the ledger of " + body.textOr("origin");
    if (kind == "person.add")
        return "added " + body.textOr("name") + " as " + joined(body.texts("roles"));
    if (kind == "person.roles")
        return "gave " + context.person + " the roles " + joined(body.texts("roles"));
    if (kind == "key.enroll")
        return "enrolled a " + body.textOr("class") + " key" + (context.person.empty() ? "" : " for " + context.person);
    if (kind.starts_with("key.") || kind.starts_with("security.") || kind == "policy.signing")
        return safetySummary(kind, body, context);
    if (kind == "policy.publish" || kind == "policy.retire" || kind == "model.govern" || kind == "model.assess" || kind == "model.confirm" || kind == "version.move")
        return lifeSummary(kind, body, context);
    if (kind == "release.issue")
        return "released " + named(context) + " until " + body.textOr("expires").substr(0, 10);
    if (kind == "release.revoke")
        return "revoked a release of " + named(context) + ": " + body.textOr("reason");
    if (kind == "version.artifact")
        return "made the file " + body.textOr("name") + " of " + named(context) + " known";
    if (kind.starts_with("waiver."))
        return waiverSummary(kind, body, context);
    if (kind.starts_with("finding."))
        return findingSummary(kind, body, context);
    if (kind.starts_with("evidence."))
        return evidenceSummary(kind, body, context);
    if (kind == "model.register")
        return "registered model " + body.textOr("name");
    if (kind == "version.register")
        return "registered version " + named(context);
    if (kind == "run.record")
        return "recorded run " + body.textOr("name");
    if (kind == "model.update" || kind == "version.update" || kind == "run.update")
        return "changed " + (named(context).empty() ? body.textOr("name") : named(context)) + ": " + changedFields(body);
    if (kind == "metrics.import")
        return "recorded " + counted(body.integerOrNone("observations").value_or(0), "observation", "observations");
    if (kind == "metrics.computed")
        return computedSummary(body, context);
    if (kind == "metrics.recomputed")
        return recomputedSummary(body, context);
    if (kind == "change.propose")
        return "proposed a change of " + named(context) + ": " + body.textOr("summary");
    if (kind == "change.withdraw")
        return "withdrew a proposed change of " + named(context) + ": " + body.textOr("reason");
    if (kind == "import.commit")
        return importSummary(body);
    if (kind == "import.undo")
        return "undid the import from " + body.textOr("source") + (body.textOr("reason").empty() ? "" : ": " + body.textOr("reason"));
    if (kind == "policy.set")
        return (body.flag("retired") ? "retired limit: " : body.integerOrNone("revision").value_or(1) > 1 ? "changed limit: " : "set limit: ") + body.textOr("sentence");
    if (kind == "bundle.freeze")
        return "froze " + named(context) + " for review";
    if (kind == "review.signoff")
        return "approved " + named(context) + ": " + body.textOr("meaning");
    if (kind == "review.reject")
        return "rejected " + named(context) + ": " + body.textOr("comment");
    if (kind == "review.withdraw")
        return "withdrew a signature" + onVersion(context) + ": " + body.textOr("reason");
    if (kind == "schema.migrate")
        return "changed the layout of the database from " + std::to_string(body.integerOrNone("from").value_or(0)) + " to " + std::to_string(body.integerOrNone("to").value_or(0));
    if (kind == "report.issue")
        return "issued a report on " + named(context);
    return std::string(kind);
}

} // namespace countersign::store
