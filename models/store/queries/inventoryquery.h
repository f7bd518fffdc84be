#pragma once

#include "models/database/connection.h"
#include "models/domain/inventory.h"
#include "models/domain/judgement.h"

#include <map>
#include <set>
#include <string>
#include <vector>

/// The inventory as a list, as it is at a moment: filter and sort in SQL, then only the rows that are looked at.
namespace countersign::store {

enum class InventoryColumn { Name, Version, Tier, Stage, Verdict, Signed, Owner, UseCase, Updated };

/// Empty sets and texts do not restrict.
struct InventoryFilter {
    std::string text;                   ///< substring of the name or owner, accents and case aside
    std::set<int> tiers;                ///< 0 stands for "no tier"
    std::set<Stage> stages;
    std::set<std::string> owners;       ///< an empty text stands for "no owner"
    std::set<VerdictState> verdicts;
    std::set<int> signStates;           ///< 0 not signed, 1 signed, 2 stale, 3 rejected
    bool operator==(const InventoryFilter &) const = default;
};

struct InventorySort {
    InventoryColumn column = InventoryColumn::Name;
    bool descending = false;
    bool operator==(const InventorySort &) const = default;
};

struct InventoryRow {
    std::int64_t no = 0;
    ModelId id;
    std::string name;
    std::string currentLabel;
    VersionId currentVersion; ///< empty when the model has no version
    std::optional<int> tier;
    Stage stage = Stage::Development;
    VerdictState verdict = VerdictState::NotJudged;
    std::string verdictSentence;
    std::string worst;
    int signState = 0;
    std::string owner;
    std::string useCase;
    std::int64_t versionCount = 0;
    Instant updatedAt{};
};

/// Numbers of all models that pass, in order: 8 bytes a model, so that a list of 100,000 scrolls without further sorting.
Result<std::vector<std::int64_t>> inventoryOrder(database::Connection &connection, const InventoryFilter &filter, const InventorySort &sort, Instant now);
/// The rows of these numbers, in the order given; numbers that no longer exist are left out.
Result<std::vector<InventoryRow>> inventoryRows(database::Connection &connection, const std::vector<std::int64_t> &numbers, Instant now);

/// How many models each choice would leave, every facet counted under the other facets' restrictions.
struct InventoryFacets {
    std::map<int, std::int64_t> tiers;
    std::map<Stage, std::int64_t> stages;
    std::map<VerdictState, std::int64_t> verdicts;
    std::map<int, std::int64_t> signStates;
    std::vector<std::pair<std::string, std::int64_t>> owners; ///< the 50 most frequent, by count
    std::int64_t all = 0; ///< models in the workspace
};
Result<InventoryFacets> inventoryFacets(database::Connection &connection, const InventoryFilter &filter, Instant now);

} // namespace countersign::store
