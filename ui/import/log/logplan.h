#pragma once

#include "models/computed/computedset.h"
#include "models/predictions/mapping/guess.h"

#include <QString>

#include <optional>
#include <string>
#include <vector>

/// What the wizard for prediction logs has settled so far, as values: pure functions, no widgets.
namespace countersign::pages {

/// A column of the log and what it is taken for.
struct LogColumn {
    using Role = predictions::ColumnGuess::Role;
    using Content = predictions::ColumnGuess::Content;

    std::string name;
    Role role = Role::Ignored;
    Content content = Content::Empty;
    std::size_t distinct = 0;          ///< different values in the sample
    std::vector<std::string> values;   ///< the first different ones, at most kMostValues
    std::string reason;                ///< why it has this role
    std::string attribute;             ///< of attributes: the name that results use
    predictions::Bands bands;          ///< of attributes
    std::string className;             ///< of class scores
    bool isNumber = true;              ///< of features; else a category
    std::string protectedClass;        ///< of attributes: "sex", as the law calls it; empty: not a protected one
    std::string basis;                 ///< of attributes: why it may be processed
};
inline constexpr std::size_t kMostValues = 8;

/// The mapping while it is being made: every column has exactly one role.
struct LogPlan {
    predictions::Task task = predictions::Task::Binary;
    predictions::BinaryValues labelValues;
    predictions::BinaryValues predictionValues; ///< empty: as labelValues
    predictions::TimeFormat timeFormat = predictions::TimeFormat::Auto;
    std::vector<std::string> missing = predictions::defaultMissing();
    predictions::DialectChoice dialect;
    std::vector<LogColumn> columns; ///< in the log's order
};

LogPlan planFrom(const predictions::Sample &sample, const predictions::Guess &guess);

/// How a saved mapping fits a log.
struct MappingFit {
    std::size_t wanted = 0;           ///< columns that the mapping names
    std::size_t found = 0;            ///< of them, columns that the log has
    std::vector<std::string> missing; ///< the others
    std::vector<std::string> unknown; ///< columns of the log that the mapping does not name
    bool isWhole() const { return found == wanted; }
};
MappingFit fitOf(const predictions::Mapping &mapping, const std::vector<std::string> &columns);
/// The log's columns in the roles of the mapping; a column that it does not name is ignored. `name` is given as the reason.
LogPlan planFrom(const predictions::Sample &sample, const predictions::Mapping &mapping, const std::string &name);

predictions::Mapping mappingOf(const LogPlan &plan);

/// Gives a column a role; a column that had a role which only one can have becomes a feature.
void setRole(LogPlan &plan, std::size_t column, LogColumn::Role role);
/// The first column of a role; nullopt when there is none.
std::optional<std::size_t> columnOf(const LogPlan &plan, LogColumn::Role role);

/// What must still be said before the log can be read: where, and a sentence.
struct PlanTrouble {
    enum class Place { Columns, Column, Positive } place = Place::Columns;
    std::size_t column = 0; ///< which one has to be looked at
    QString sentence;
};
std::optional<PlanTrouble> troubleOf(const LogPlan &plan);

QString roleWord(LogColumn::Role role);
QString contentWord(LogColumn::Content content);
/// Why, in the words of the window.
QString reasonText(const LogColumn &column);
/// "positive 1, negative 0"; "<25, 25–44, 45+"; what there is to say beside the role.
QString detailText(const LogPlan &plan, const LogColumn &column);

/// What a person should know of a log that was read, one sentence each; the figures stay what they are.
std::vector<std::string> warningsOf(const computed::ComputedSet &set);

} // namespace countersign::pages
