#include "models/services/governance/boms.h"

#include "models/policy/evaluator.h"
#include "models/services/governance/cards.h"
#include "models/services/workspace/journal.h"
#include "models/store/queries/governance/evidence.h"
#include "models/store/queries/queries.h"

namespace countersign::services {

Result<cards::BomFile> fileForBom(const std::filesystem::path &path, const Progress &progress)
{
    auto file = PlainFile::open(path);
    if (!file)
        return file.error();
    const auto digest = file->readAll({}, progress);
    if (!digest)
        return digest.error();
    return cards::BomFile{safeFileName(path.string()), digest->hex()};
}

Result<Bytes> bomOf(Session &session, const VersionId &id, std::vector<cards::BomFile> artifacts)
{
    const auto card = cardOf(session, id);
    if (!card)
        return card.error();
    const auto row = store::versionRow(session.connection(), id, session.now());
    const auto model = row ? store::findModel(session.connection(), row->version.model) : Result<MlModel>(row.error());
    if (!model)
        return model.error();
    store::ExhibitFilter accepted;
    accepted.version = id;
    accepted.state = ExhibitState::Accepted;
    accepted.isStanding = true;
    const auto exhibits = store::listExhibits(session.connection(), accepted);
    if (!exhibits)
        return exhibits.error();
    const Instant now = session.now();
    const auto verdicts = store::listVerdicts(session.connection(), id, now);
    if (!verdicts)
        return verdicts.error();
    cards::BomFacts facts;
    facts.serial = session.environment().randomness->uuid();
    facts.reference = id.text();
    facts.at = now;
    facts.programVersion = applicationVersion();
    facts.artifacts = std::move(artifacts);
    for (const Exhibit &exhibit : *exhibits)
        if (exhibit.digest && !exhibit.isExpired(now))
            facts.evidence.push_back({exhibit.number() + "/" + exhibit.name, exhibit.digest->hex()});
    facts.location = row->version.artifactUri;
    const auto head = session.verifiedHead();
    facts.properties = {{"countersign:ledger", session.ledgerId().text()},       {"countersign:ledger:entries", std::to_string(head.size)},
                        {"countersign:ledger:root", head.root.text()},           {"countersign:stage", std::string(stageKey(row->version.stage))},
                        {"countersign:verdict", std::string(verdictKey(policy::summarize(*verdicts).state))}};
    if (model->tier)
        facts.properties.emplace_back("countersign:tier", std::to_string(*model->tier));
    return json::canonical(json::Value(cards::cycloneDxDocument(*card, facts)));
}

Result<cards::Bom> readBom(BytesView bytes)
{
    const auto document = json::parse(bytes, {.depth = 64, .bytes = kLargestEvidence, .members = 2'000'000});
    return document ? cards::readCycloneDx(*document) : Result<cards::Bom>(document.error());
}

} // namespace countersign::services
