#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Model cards and bills of materials as others write and read them: a Hugging Face README, JSON of the Model Card Toolkit, CycloneDX. All of it is text of
/// strangers: read by strict readers, kept as text, and never followed, rendered or run.
namespace countersign::cards {

/// A value as a card states it.
struct CardMetric {
    std::string type;               ///< "auc"
    std::string slice;              ///< "sex=F"; empty: everybody
    std::string value;              ///< as written
    std::string lower;              ///< of the confidence interval; both or none are given
    std::string upper;
    std::optional<std::int64_t> n;  ///< cases
    std::string period;             ///< "2026-01-01 to 2026-02-01"; may be empty
    bool operator==(const CardMetric &) const = default;
};

struct CardRisk {
    std::string name;
    std::string mitigation; ///< may be empty
    bool operator==(const CardRisk &) const = default;
};

/// How a limit stands, in a sentence.
struct CardVerdict {
    std::string slice;      ///< empty: everybody
    std::string sentence;
    bool isBreach = false;
    bool operator==(const CardVerdict &) const = default;
};

/// What the formats have in common. Lists hold one item each; an empty one says nothing.
struct ModelCard {
    std::string name;
    std::string version;
    std::string overview;
    std::vector<std::string> owners;
    std::vector<std::string> licenses;
    std::vector<std::string> references;
    std::vector<std::string> citations;
    std::vector<std::string> keywords;
    std::vector<std::string> languages;
    std::vector<std::string> tasks;
    std::vector<std::string> architectures;
    std::vector<std::string> libraries;
    std::vector<std::string> baseModels;
    std::vector<std::string> datasets;
    std::vector<std::string> inputs;
    std::vector<std::string> outputs;
    std::vector<std::string> users;
    std::vector<std::string> useCases;
    std::vector<std::string> limitations;
    std::vector<std::string> tradeoffs;
    std::vector<CardRisk> risks;
    std::vector<CardMetric> metrics;
    std::vector<CardVerdict> verdicts; ///< written only
    std::vector<std::string> status;   ///< where the version stands, in sentences; written only
    std::string provenance;            ///< one line on which record it was written from; written only
    bool operator==(const ModelCard &) const = default;
};

/// The items in one line, with `between` between them.
std::string joined(const std::vector<std::string> &texts, std::string_view between = ", ");

} // namespace countersign::cards
