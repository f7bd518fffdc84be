#include "models/policy/independence.h"

namespace countersign::policy {

namespace {

constexpr int kDaysOfMonth = 30;

std::string whatWasDone(Contribution::Kind kind)
{
    switch (kind) {
    case Contribution::Kind::Version: return "registered or changed it";
    case Contribution::Kind::Change: return "proposed a change of it";
    case Contribution::Kind::Remediation: return "remediated a finding about it";
    case Contribution::Kind::Evidence: break;
    }
    return "added evidence about it";
}

std::string place(const Contribution &contribution) { return " on " + formatDate(contribution.at) + " (entry " + std::to_string(contribution.entry) + ")"; }

} // namespace

std::optional<std::string> dependence(const Person &person, std::span<const Contribution> contributions, const VersionId &version, std::optional<int> months, Instant now)
{
    const Contribution *elsewhere = nullptr;
    for (const Contribution &contribution : contributions) {
        if (contribution.person != person.id)
            continue;
        if (!contribution.version || *contribution.version == version)
            return person.name + " is not independent of this version: they " + whatWasDone(contribution.kind) + place(contribution) + ".";
        if (months && now - contribution.at < std::chrono::days(kDaysOfMonth) * *months)
            elsewhere = &contribution;
    }
    if (!elsewhere)
        return {};
    return person.name + " is not independent of this version: of version " + elsewhere->versionLabel + " they " + whatWasDone(elsewhere->kind) + place(*elsewhere) + ", less than "
           + std::to_string(*months) + (*months == 1 ? " month ago." : " months ago.");
}

} // namespace countersign::policy
