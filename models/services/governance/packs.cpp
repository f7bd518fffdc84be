#include "models/services/governance/packs.h"

#include "models/policy/packs/packcheck.h"
#include "models/policy/packs/packdocument.h"
#include "models/policy/publication.h"
#include "models/policy/ruledocument.h"
#include "models/services/governance/parts.h"
#include "models/services/workspace/journal.h"
#include "models/store/queries/governance/packs.h"
#include "models/store/queries/judge.h"
#include "models/store/queries/queries.h"

#include <algorithm>
#include <map>
#include <set>

namespace countersign::services {

namespace {

constexpr const char *kPackMedia = "application/vnd.countersign.pack.v1+json";
constexpr std::size_t kMaxPack = 8U << 20;

Error invalid(std::string message) { return {ErrorKind::Invalid, std::move(message), {}}; }
Error conflict(std::string message) { return {ErrorKind::Conflict, std::move(message), {}}; }

/// When it begins, or why it cannot be published.
Result<Instant> checkPublication(Session &session, const PublishRequest &request)
{
    const policy::Pack &pack = request.pack;
    if (const auto faults = policy::checkPack(pack); !faults.empty())
        return invalid("The pack does not fit together: " + faults.front().text());
    if (const auto status = checkText(request.note); !status)
        return status.error();
    const auto packs = store::listPacks(session.connection());
    if (!packs)
        return packs.error();
    const auto newest = std::ranges::find(*packs, pack.id, &PublishedPack::pack);
    if (newest != packs->end() && newest->version == pack.version)
        return conflict(pack.title + " " + pack.version + " is published since " + formatDate(newest->publishedAt) + ". Give the changed pack another version.");
    if (newest != packs->end() && !policy::isLaterVersion(pack.version, newest->version))
        return conflict(newest->name() + " is published already, and " + pack.version + " is not a later version.");
    const Instant now = session.now();
    const Instant from = request.effectiveFrom.value_or(now);
    // A day is named without its hour: today is not past.
    if (from < now - std::chrono::days(1))
        return invalid("A pack cannot begin in the past; " + formatDate(from) + " is.");
    return std::max(from, now);
}

struct Plan {
    Instant from{};
    std::vector<Rule> all;   ///< every revision there is
    std::vector<Rule> set;   ///< what the publication adds
};

Result<Plan> planOf(Session &session, const PublishRequest &request)
{
    const auto from = checkPublication(session, request);
    if (!from)
        return from.error();
    auto rules = store::listRules(session.connection(), false);
    if (!rules)
        return rules.error();
    Plan plan{*from, std::move(*rules), {}};
    plan.set = policy::publishedRules(request.pack, plan.all, plan.from, [&] { return RuleId::of(session.environment().randomness->uuid()); });
    return plan;
}

json::Value ruleDocuments(const std::vector<Rule> &rules)
{
    json::Array documents;
    for (const Rule &rule : rules)
        documents.emplace_back(policy::ruleDocument(rule));
    return json::Value(std::move(documents));
}

using VerdictKey = std::pair<RuleId, Slice>;
using Verdicts = std::map<VerdictKey, Verdict>;

Verdicts byKey(const std::vector<store::JudgedSeries> &judged)
{
    Verdicts verdicts;
    for (const auto &one : judged)
        verdicts.emplace(VerdictKey{one.verdict.rule, one.verdict.slice}, one.verdict);
    return verdicts;
}

void noteFlips(PackImpact &impact, const MlModel &model, const ModelVersion &version, const Verdicts &before, const Verdicts &after)
{
    const auto note = [&](const VerdictKey &key, const Verdict *was, const Verdict *is) {
        if ((was ? std::optional(was->state) : std::nullopt) == (is ? std::optional(is->state) : std::nullopt))
            return;
        impact.flips.push_back({model.id, model.name, version.id, version.label, (is ? is : was)->metric, key.second, was ? std::optional(was->state) : std::nullopt,
                                is ? std::optional(is->state) : std::nullopt, (is ? is : was)->sentence});
    };
    for (const auto &[key, verdict] : before) {
        const auto now = after.find(key);
        note(key, &verdict, now == after.end() ? nullptr : &now->second);
    }
    for (const auto &[key, verdict] : after)
        if (!before.contains(key))
            note(key, nullptr, &verdict);
}

} // namespace

std::string PackImpact::sentence() const
{
    const auto count = [](int n, const char *one, const char *many) { return std::to_string(n) + " " + (n == 1 ? one : many); };
    std::string text = "Governs " + count(models, "model", "models") + " with " + count(versions, "version", "versions");
    if (failing == 0)
        return text + "; none fails a limit that it did not fail before.";
    return text + "; " + count(failingModels, "model fails ", "models fail ") + count(failing, "limit", "limits") + " that " + (failingModels == 1 ? "it" : "they")
        + " did not fail before.";
}

Result<PackImpact> previewPack(Session &session, const PublishRequest &request, const std::function<bool()> &isCancelled)
{
    const auto plan = planOf(session, request);
    if (!plan)
        return plan.error();
    std::vector<Rule> then = plan->all;
    then.insert(then.end(), plan->set.begin(), plan->set.end());
    std::ranges::stable_sort(then, {}, [](const Rule &rule) { return std::pair(rule.id, rule.revision); });
    auto &connection = session.connection();
    const auto judge = store::Judge::make(connection);
    const auto later = store::Judge::make(connection, then);
    if (!judge || !later)
        return judge ? later.error() : judge.error();
    PackImpact impact;
    for (const Rule &rule : plan->set)
        ++(rule.isRetired ? impact.rulesRetired : impact.rulesSet);
    const std::string &id = request.pack.id;
    std::set<ModelId> governed;
    std::set<ModelId> failing;
    const auto chosen = store::chosenPacks(connection);
    if (!chosen)
        return chosen.error();
    // Today's values by today's limits against the same values by the limits of the day on which it begins.
    const auto status = judge->readAll([&](const MlModel &model, const ModelVersion &version, const store::VersionJudgement &judgement) {
        if (isCancelled && isCancelled())
            return false;
        MlModel after = model;
        const auto own = chosen->find(model.id);
        if (own == chosen->end() && request.isDefault && std::ranges::find(after.packs, id) == after.packs.end())
            after.packs.push_back(id);
        if (own == chosen->end() && !request.isDefault)
            std::erase(after.packs, id); // it was the default, and no longer is
        const bool isGoverned = std::ranges::find(after.packs, id) != after.packs.end();
        const bool wasGoverned = std::ranges::find(model.packs, id) != model.packs.end();
        if (!isGoverned && !wasGoverned)
            return true;
        if (isGoverned) {
            ++impact.versions;
            governed.insert(model.id);
        }
        noteFlips(impact, model, version, byKey(judgement.at(session.now())), byKey(later->again(judgement, after).at(plan->from)));
        return true;
    });
    if (!status)
        return status.error();
    if (isCancelled && isCancelled())
        return Error{ErrorKind::Cancelled, "The preview was stopped; nothing was changed.", {}};
    impact.models = static_cast<int>(governed.size());
    for (const Flip &flip : impact.flips)
        if (flip.after == VerdictState::Fail) {
            ++impact.failing;
            failing.insert(flip.model);
        }
    impact.failingModels = static_cast<int>(failing.size());
    std::ranges::stable_sort(impact.flips, {}, [](const Flip &flip) { return std::tuple(flip.after.value_or(VerdictState::NotJudged), flip.modelName, flip.versionLabel); });
    return impact;
}

Result<PublishedPack> publishPack(Session &session, const PublishRequest &request, const Person &person, const crypto::SigningKey &key)
{
    const auto role = policy::mayPublish(person);
    if (!role)
        return role.error();
    auto journal = Journal::begin(session);
    if (!journal)
        return journal.error();
    const auto plan = planOf(session, request);
    if (!plan)
        return plan.error();
    const policy::Pack &pack = request.pack;
    const auto bytes = json::writeRestricted(json::Value(policy::packDocument(pack)));
    if (!bytes)
        return bytes.error();
    const auto document = (*journal)->putEvidence(kPackMedia, *bytes);
    if (!document)
        return document.error();
    json::Object body{{"default", request.isDefault}, {"effectiveFrom", store::timeValue(plan->from)}, {"pack", pack.id}, {"packVersion", pack.version},
                      {"rules", ruleDocuments(plan->set)}, {"title", store::textValue(pack.title)}};
    if (!request.note.empty())
        body.set("note", store::textValue(request.note));
    if (const auto seq = (*journal)->record({"policy.publish", std::move(body), *document, {}, {}}, session.personSigner(person, *role, key)); !seq)
        return seq.error();
    if (const auto status = (*journal)->commit(); !status)
        return status.error();
    const auto packs = store::listPacks(session.connection());
    if (!packs)
        return packs.error();
    const auto published = std::ranges::find_if(*packs, [&](const PublishedPack &one) { return one.pack == pack.id && one.version == pack.version; });
    if (published == packs->end())
        return Error{ErrorKind::Io, "The pack was recorded, but is not among the published ones. Rebuild the tables: db rebuild.", {}};
    return *published;
}

Status retirePack(Session &session, const std::string &pack, const std::string &reason, const Person &person, const crypto::SigningKey &key)
{
    const auto role = policy::mayPublish(person);
    if (!role)
        return role.error();
    if (const auto status = checkReason(reason, "Say why the pack is retired."); !status)
        return status;
    auto journal = Journal::begin(session);
    if (!journal)
        return journal.error();
    const auto packs = store::listPacks(session.connection());
    const auto rules = store::listRules(session.connection(), false);
    if (!packs || !rules)
        return packs ? rules.error() : packs.error();
    const auto newest = std::ranges::find(*packs, pack, &PublishedPack::pack);
    if (newest == packs->end())
        return Error{ErrorKind::NotFound, "No pack \"" + pack + "\" is published.", {}};
    if (newest->retired)
        return conflict(newest->name() + " is retired since " + formatDate(newest->retired->at) + ".");
    json::Object body{{"pack", pack}, {"packVersion", newest->version}, {"reason", store::textValue(reason)},
                      {"rules", ruleDocuments(policy::retiredRules(pack, *rules, session.now()))}};
    if (const auto seq = (*journal)->record({"policy.retire", std::move(body), {}, {}, {}}, session.personSigner(person, *role, key)); !seq)
        return seq.error();
    return (*journal)->commit();
}

Result<MlModel> governModel(Session &session, const ModelId &id, const std::vector<std::string> &packs, const std::string &reason)
{
    if (const auto status = checkReason(reason, "Say why these packs govern the model."); !status)
        return status.error();
    auto journal = SignedJournal::begin(session);
    if (!journal)
        return journal.error();
    if (const auto role = policy::mayPublish(*session.person()); !role)
        return role.error();
    auto &connection = session.connection();
    const auto model = store::findModel(connection, id);
    const auto published = store::listPacks(connection);
    const auto chosen = store::chosenPacks(connection);
    if (!model || !published || !chosen)
        return !model ? model.error() : !published ? published.error() : chosen.error();
    for (auto pack = packs.begin(); pack != packs.end(); ++pack) {
        const auto known = std::ranges::find(*published, *pack, &PublishedPack::pack);
        if (known == published->end() || known->retired)
            return Error{ErrorKind::NotFound, "No pack \"" + *pack + "\" is published. Publish it first.", {}};
        if (std::find(packs.begin(), pack, *pack) != pack)
            return invalid("The pack \"" + *pack + "\" is named twice.");
    }
    const auto own = chosen->find(id);
    if ((own == chosen->end() ? std::vector<std::string>() : own->second) == packs)
        return invalid("That is so already.");
    if (const auto seq = journal->record({"model.govern", {{"model", id.text()}, {"packs", store::textArray(packs)}, {"reason", store::textValue(reason)}}, {}, {}, {}}); !seq)
        return seq.error();
    if (const auto status = journal->journal->commit(); !status)
        return status.error();
    return store::findModel(connection, id);
}

Result<policy::Pack> loadPack(Session &session, const PublishedPack &published)
{
    const auto evidence = session.ledger().evidence(published.document);
    if (!evidence)
        return evidence.error();
    const auto document = json::readRestricted(evidence->bytes, kMaxPack);
    if (!document)
        return document.error();
    if (!document->object())
        return Error{ErrorKind::Tampered, "The document of " + published.name() + " is no pack.", {}};
    return policy::parsePackDocument(*document->object());
}

Result<std::vector<policy::Pack>> packsOf(Session &session, const MlModel &model)
{
    const auto published = store::listPacks(session.connection());
    if (!published)
        return published.error();
    std::vector<policy::Pack> packs;
    for (const std::string &id : model.packs) {
        const auto inForce = store::packInForce(*published, id, session.now());
        if (!inForce)
            continue;
        auto pack = loadPack(session, *inForce);
        if (!pack)
            return pack.error();
        packs.push_back(std::move(*pack));
    }
    return packs;
}

} // namespace countersign::services
