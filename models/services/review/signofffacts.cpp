#include "models/services/review/signofffacts.h"

#include "models/crypto/signing.h"
#include "models/store/eventbody.h"

namespace countersign::services {

json::Value signOffFacts(const store::SignOffRow &row)
{
    const SignOff &signOff = row.signOff;
    json::Object facts{{"bundle", signOff.bundleDigest.text()}, {"changes", store::textArray(signOff.changes)}, {"comment", store::textValue(signOff.comment)},
                       {"decision", std::string(decisionKey(signOff.decision))}, {"entry", signOff.entry}, {"fingerprint", crypto::fingerprint(signOff.key)},
                       {"meaning", store::textValue(signOff.meaning)}, {"name", store::textValue(signOff.personName)}, {"role", std::string(roleKey(signOff.role))},
                       {"sentence", store::textValue(row.sentence)}, {"stale", signOff.isStale}, {"time", formatUtc(signOff.signedAt)}, {"utcOffset", signOff.utcOffsetMinutes}};
    if (signOff.rendering)
        facts.set("rendering", signOff.rendering->text());
    if (const auto &withdrawn = signOff.withdrawn)
        facts.set("withdrawn", json::Value(json::Object{{"entry", withdrawn->entry}, {"reason", store::textValue(withdrawn->reason)}, {"time", formatUtc(withdrawn->at)}}));
    return json::Value(std::move(facts));
}

} // namespace countersign::services
