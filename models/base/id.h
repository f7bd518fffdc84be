#pragma once

#include "models/base/result.h"

#include <compare>
#include <functional>
#include <string>
#include <string_view>

namespace countersign {

/// An identifier that cannot be passed for one of another kind. Its text carries its kind as a prefix ("m:0c3f…"), in the
/// database and in the ledger alike, so that a stray id is recognisable anywhere. Made once, never reused.
template<class Tag>
class Id
{
public:
    Id() = default;
    /// Invalid unless the text is the prefix of this kind and 1 to 64 characters of [0-9a-z-].
    static Result<Id> parse(std::string_view text)
    {
        const std::string_view prefix = Tag::prefix;
        bool good = text.starts_with(prefix) && text.size() > prefix.size() && text.size() <= prefix.size() + 64;
        for (const char c : good ? text.substr(prefix.size()) : std::string_view())
            good = good && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-');
        if (!good)
            return Error{ErrorKind::Invalid, "\"" + std::string(text) + "\" is not an id of the form " + std::string(prefix) + "….", {}};
        return Id(std::string(text));
    }
    /// For text that our own database or a fresh uuid gave: prefix is added when missing.
    static Id of(std::string_view text)
    {
        const std::string_view prefix = Tag::prefix;
        return Id(text.starts_with(prefix) ? std::string(text) : std::string(prefix) + std::string(text));
    }

    const std::string &text() const { return m_text; }
    bool isEmpty() const { return m_text.empty(); }
    auto operator<=>(const Id &) const = default;

private:
    explicit Id(std::string text) : m_text(std::move(text)) {}
    std::string m_text;
};

#define COUNTERSIGN_ID(Name, Prefix)                                                                                  \
    struct Name##Tag {                                                                                                 \
        static constexpr const char *prefix = Prefix;                                                                  \
    };                                                                                                                 \
    using Name = Id<Name##Tag>

COUNTERSIGN_ID(ModelId, "m:");
COUNTERSIGN_ID(VersionId, "v:");
COUNTERSIGN_ID(RunId, "n:");
COUNTERSIGN_ID(PersonId, "p:");
COUNTERSIGN_ID(DeviceId, "d:");
COUNTERSIGN_ID(KeyId, "k:"); ///< SHA-256 of type and public key, in hexadecimal
COUNTERSIGN_ID(RuleId, "r:");
COUNTERSIGN_ID(ImportId, "i:");
COUNTERSIGN_ID(BundleId, "b:");
COUNTERSIGN_ID(SignOffId, "s:");
COUNTERSIGN_ID(ReportId, "o:");
COUNTERSIGN_ID(FindingId, "f:");
COUNTERSIGN_ID(WaiverId, "w:");
COUNTERSIGN_ID(ExhibitId, "x:");         ///< an item of evidence
COUNTERSIGN_ID(EvidenceRequestId, "y:");
COUNTERSIGN_ID(ReviewRequestId, "q:");
COUNTERSIGN_ID(ConditionId, "g:");       ///< of a conditional approval
COUNTERSIGN_ID(CommentId, "t:");
COUNTERSIGN_ID(IncidentId, "h:");
COUNTERSIGN_ID(CampaignId, "j:");
COUNTERSIGN_ID(DatasetId, "u:");
COUNTERSIGN_ID(ReleaseId, "z:");
COUNTERSIGN_ID(LedgerId, "l:"); ///< leaf hash of the genesis entry, in hexadecimal

#undef COUNTERSIGN_ID

} // namespace countersign

template<class Tag>
struct std::hash<countersign::Id<Tag>> {
    std::size_t operator()(const countersign::Id<Tag> &id) const noexcept { return std::hash<std::string>{}(id.text()); }
};
