#include "models/services/governance/governancefacts.h"

#include "models/store/eventbody.h"
#include "models/store/queries/governance/findings.h"
#include "models/store/queries/governance/waivers.h"

namespace countersign::services {

Result<json::Array> findingFacts(Session &session, const VersionId &version)
{
    store::FindingFilter open;
    open.version = version;
    open.isOpen = true;
    const auto findings = store::listFindings(session.connection(), open);
    if (!findings)
        return findings.error();
    json::Array facts;
    for (const Finding &finding : *findings) {
        json::Object one{{"entry", finding.entry}, {"number", finding.number()}, {"owner", store::textValue(finding.ownerName)},
                         {"severity", std::string(severityKey(finding.severity))}, {"state", std::string(findingStateKey(finding.state))},
                         {"title", store::textValue(finding.title)}};
        if (finding.due)
            one.set("due", store::timeValue(*finding.due));
        facts.emplace_back(std::move(one));
    }
    return facts;
}

Result<json::Array> waiverFacts(Session &session, const VersionId &version)
{
    store::WaiverFilter held;
    held.version = version;
    held.inForceAt = session.now();
    const auto waivers = store::listWaivers(session.connection(), held);
    if (!waivers)
        return waivers.error();
    json::Array facts;
    for (const Waiver &waiver : *waivers)
        facts.emplace_back(json::Object{{"by", store::textValue(waiver.granted ? waiver.granted->byName : std::string())}, {"control", store::textValue(waiver.control)},
                                        {"entry", waiver.entry}, {"misses", store::textValue(waiver.requirement.sentence)}, {"number", waiver.number()},
                                        {"reason", store::textValue(waiver.reason)}, {"until", store::timeValue(waiver.until)}});
    return facts;
}

} // namespace countersign::services
