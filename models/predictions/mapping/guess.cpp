#include "models/predictions/mapping/guess.h"

#include "models/predictions/dictionary.h"
#include "models/predictions/formats/numbers.h"

#include <array>

namespace countersign::predictions {

namespace {

using Role = ColumnGuess::Role;
using Content = ColumnGuess::Content;

constexpr std::size_t kFewValues = 20; ///< of a text column: groups rather than names

struct KnownName {
    Role role;
    std::string_view name;
};
// In order of preference within a role.
constexpr auto kKnownNames = std::to_array<KnownName>({
    {Role::Label, "y_true"}, {Role::Label, "label"}, {Role::Label, "target"}, {Role::Label, "ground_truth"}, {Role::Label, "truth"},
    {Role::Label, "actual"}, {Role::Label, "outcome"}, {Role::Label, "y"}, {Role::Label, "cls_true"}, {Role::Label, "clf_target"}, {Role::Label, "class"},
    {Role::Label, "default"}, {Role::Label, "defaulted"}, {Role::Label, "is_default"}, {Role::Label, "charged_off"}, {Role::Label, "churned"},
    {Role::Label, "is_fraud"},
    {Role::Score, "score"}, {Role::Score, "y_score"}, {Role::Score, "y_prob"}, {Role::Score, "y_proba"}, {Role::Score, "y_pred_proba"},
    {Role::Score, "proba"}, {Role::Score, "probability"}, {Role::Score, "pred_proba"}, {Role::Score, "predicted_probability"},
    {Role::Score, "risk_score"}, {Role::Score, "prob"},
    {Role::Prediction, "y_pred"}, {Role::Prediction, "prediction"}, {Role::Prediction, "predicted"}, {Role::Prediction, "pred"},
    {Role::Prediction, "decision"}, {Role::Prediction, "cls_pred"}, {Role::Prediction, "y_hat"},
    {Role::Time, "timestamp"}, {Role::Time, "ts"}, {Role::Time, "time"}, {Role::Time, "datetime"}, {Role::Time, "date"},
    {Role::Time, "event_time"}, {Role::Time, "created_at"}, {Role::Time, "scored_at"}, {Role::Time, "year"},
    {Role::LabelTime, "label_time"}, {Role::LabelTime, "label_date"}, {Role::LabelTime, "labelled_at"}, {Role::LabelTime, "labeled_at"},
    {Role::LabelTime, "outcome_time"}, {Role::LabelTime, "outcome_date"}, {Role::LabelTime, "outcome_at"},
    {Role::Weight, "sample_weight"}, {Role::Weight, "weight"}, {Role::Weight, "fnlwgt"},
    {Role::Attribute, "sex"}, {Role::Attribute, "gender"}, {Role::Attribute, "race"}, {Role::Attribute, "ethnicity"},
    {Role::Attribute, "age_band"}, {Role::Attribute, "age_group"}, {Role::Attribute, "region"}, {Role::Attribute, "disability"},
    {Role::Attribute, "nationality"}, {Role::Attribute, "religion"}, {Role::Attribute, "marital_status"}, {Role::Attribute, "native_country"},
});
constexpr auto kIdentifiers = std::to_array<std::string_view>({"id", "index", "row", "row_id", "uuid", "case_id", "customer_id", ""});
constexpr auto kPairs = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"1", "0"}, {"1.0", "0.0"}, {"1", "-1"}, {"true", "false"}, {"True", "False"}, {"TRUE", "FALSE"}, {"yes", "no"}, {"Yes", "No"},
    {"Y", "N"}, {"y", "n"}, {"t", "f"}, {"positive", "negative"}, {"pos", "neg"}});

std::string normalised(std::string_view name)
{
    std::string key;
    for (const char c : name)
        key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == ' ' || c == '-' || c == '.' ? '_' : c;
    return key;
}

struct Column {
    std::set<std::string> values; ///< missing ones left out
    Content content = Content::Empty;
    bool isNumber = false;        ///< all are numbers; those of a time's size are Content::Time
    bool isMostlyNumbers = false; ///< a few cells are not: bad rows of a column that its name makes a number
    bool isMostlyTimes = false;
};

Column lookAtColumn(const Sample &sample, std::size_t index, const std::vector<std::string> &missing)
{
    Column column;
    std::size_t numbers = 0; // of the different values
    std::size_t times = 0;
    for (const auto &row : sample.rows) {
        const std::string &cell = row[index];
        if (std::ranges::find(missing, cell) != missing.end() || !column.values.insert(cell).second)
            continue;
        double value = 0;
        numbers += parseNumber(cell, sample.dialect.decimal, value) ? 1U : 0U;
        times += cell.size() >= 7 && parseMoment(cell, TimeFormat::Auto) ? 1U : 0U;
    }
    const std::size_t all = column.values.size();
    if (all > 0)
        column.content = times == all ? Content::Time : numbers == all ? Content::Number : Content::Text;
    column.isNumber = all > 0 && numbers == all;
    column.isMostlyNumbers = 10 * numbers >= 9 * all;
    column.isMostlyTimes = 10 * times >= 9 * all;
    return column;
}

bool isPair(const std::set<std::string> &values, const std::pair<std::string_view, std::string_view> &pair)
{
    return !values.empty() && std::ranges::all_of(values, [&pair](const std::string &value) { return value == pair.first || value == pair.second; });
}

BinaryValues pairOf(const std::set<std::string> &values)
{
    for (const auto &pair : kPairs)
        if (isPair(values, pair))
            return {{std::string(pair.first)}, {std::string(pair.second)}};
    return {};
}

/// What label and prediction hold together.
struct Outcomes {
    std::set<std::string> values; ///< whole numbers written in one way
    bool areNumbers = true;
    bool areWhole = true;   ///< numbers without a fraction
    bool havePoint = false; ///< some are written with one

    void add(const Column &column)
    {
        areNumbers = areNumbers && column.isNumber;
        areWhole = areWhole && column.isNumber;
        for (const std::string &value : column.values) {
            const std::string_view whole = wholeText(value);
            values.emplace(whole);
            areWhole = areWhole && whole.find_first_not_of("-0123456789") == std::string_view::npos;
            havePoint = havePoint || value.find('.') != std::string::npos;
        }
    }
};

class Guesser
{
public:
    Guesser(const Sample &sample, const ColumnChoices &chosen, std::optional<Task> task) : m_sample(sample), m_chosen(chosen), m_task(task)
    {
        for (std::size_t i = 0; i < sample.columns.size(); ++i) {
            m_columns.push_back(lookAtColumn(sample, i, m_guess.mapping.missing));
            m_guess.columns.push_back({sample.columns[i], Role::Ignored, m_columns[i].content, m_columns[i].values.size(), {}});
            if (const auto choice = chosen.find(sample.columns[i]); choice != chosen.end())
                set(i, choice->second, "chosen");
        }
    }

    Guess guess()
    {
        byName();
        byContent();
        m_guess.mapping.task = m_task.value_or(taskOfValues());
        fillMapping();
        return std::move(m_guess);
    }

private:
    bool isFree(std::size_t i) const { return m_guess.columns[i].role == Role::Ignored && !m_chosen.contains(m_sample.columns[i]); }
    bool fits(Role role, std::size_t i) const
    {
        const Content content = m_columns[i].content;
        switch (role) {
        case Role::Score:
        case Role::Weight: return content == Content::Number || content == Content::Empty || m_columns[i].isMostlyNumbers;
        case Role::LabelTime: return content == Content::Time || content == Content::Empty;
        case Role::Time: return content == Content::Time || m_columns[i].isMostlyTimes || normalised(m_sample.columns[i]) == "year" || content == Content::Empty;
        default: return true;
        }
    }
    /// One column a role, but for attributes; the name that comes first in the table wins.
    void byName()
    {
        std::set<Role> taken;
        for (const auto &column : m_guess.columns)
            taken.insert(column.role);
        for (const auto &[role, name] : kKnownNames)
            for (std::size_t i = 0; i < m_columns.size(); ++i) {
                const bool isWanted = role == Role::Attribute || !taken.contains(role);
                if (!isWanted || !isFree(i) || normalised(m_sample.columns[i]) != name || !fits(role, i))
                    continue;
                taken.insert(role);
                set(i, role, "the name says so");
            }
    }
    void byContent()
    {
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            if (!isFree(i))
                continue;
            const std::string name = normalised(m_sample.columns[i]);
            const bool isIdentifier = std::ranges::find(kIdentifiers, name) != kIdentifiers.end() || name.ends_with("_id");
            const std::size_t distinct = m_columns[i].values.size();
            if (isIdentifier || m_columns[i].content == Content::Empty)
                m_guess.columns[i].reason = isIdentifier ? "an identifier" : "empty in the sample";
            else if (std::ranges::count(m_sample.columns, m_sample.columns[i]) > 1)
                m_guess.columns[i].reason = "in the header more than once";
            else if (m_columns[i].content == Content::Time)
                has(Role::Time) ? void() : set(i, Role::Time, "its values are times");
            else if (m_columns[i].content == Content::Text && m_columns[i].isMostlyTimes && distinct > kFewValues && !has(Role::Time))
                set(i, Role::Time, "almost all of its values are times");
            else if (m_columns[i].content == Content::Number)
                set(i, Role::Feature, "a number");
            else if (distinct <= kFewValues)
                set(i, Role::Attribute, "few different texts");
            else
                set(i, Role::Feature, "many different texts");
        }
    }
    bool has(Role role) const
    {
        return std::ranges::any_of(m_guess.columns, [role](const ColumnGuess &column) { return column.role == role; });
    }
    void set(std::size_t i, Role role, std::string reason)
    {
        m_guess.columns[i].role = role;
        m_guess.columns[i].reason = std::move(reason);
    }
    std::size_t indexOf(Role role) const
    {
        for (std::size_t i = 0; i < m_columns.size(); ++i)
            if (m_guess.columns[i].role == role)
                return i;
        return m_columns.size();
    }
    /// By the label, or the prediction where there is none.
    Task taskOfValues() const
    {
        const Column *label = columnOf(Role::Label);
        const Column *prediction = columnOf(Role::Prediction);
        const Column *truth = label ? label : prediction;
        if (!truth)
            return Task::Binary;
        Outcomes outcomes;
        outcomes.add(*truth);
        const bool isDecided = prediction && prediction != truth && !prediction->values.empty();
        if (isDecided)
            outcomes.add(*prediction);
        const bool areFew = outcomes.areWhole && outcomes.values.size() <= kFewValues;
        if (truth->values.size() > 2) {
            if (!truth->isNumber)
                return Task::Multiclass;
            return areFew && (isDecided || namesClasses(*truth)) ? Task::Multiclass : Task::Regression; // a predicted amount is hardly ever whole
        }
        if (has(Role::Score) || !isDecided)
            return Task::Binary;
        const bool hasMore = outcomes.values.size() > 2; // a third value in the prediction
        if (!pairOf(truth->values).positive.empty())
            return hasMore && areFew ? Task::Multiclass : Task::Binary;
        if (!outcomes.areNumbers)
            return hasMore && !truth->isNumber && pairOf(prediction->values).positive.empty() ? Task::Multiclass : Task::Binary;
        if (!outcomes.areWhole || outcomes.havePoint)
            return Task::Regression;
        return hasMore ? Task::Multiclass : Task::Binary;
    }
    const Column *columnOf(Role role) const
    {
        const std::size_t i = indexOf(role);
        return i == m_columns.size() ? nullptr : &m_columns[i];
    }
    /// Every value of the label has a column of scores that is named after it.
    bool namesClasses(const Column &label) const
    {
        return std::ranges::all_of(label.values, [this](const std::string &value) {
            return std::ranges::any_of(m_sample.columns, [&value](const std::string &column) { return classIn(column) == wholeText(value); });
        });
    }
    /// The class that a column of scores is named after: "p_", "proba_", "prob_" or "score_" stands before it.
    static std::string_view classIn(std::string_view column)
    {
        for (const std::string_view prefix : {"p_", "proba_", "prob_", "score_"})
            if (column.starts_with(prefix))
                return wholeText(column.substr(prefix.size()));
        return {};
    }
    BinaryValues binaryValues(Role role) const
    {
        const Column *column = columnOf(role);
        return column ? pairOf(column->values) : BinaryValues();
    }
    void fillMapping()
    {
        Mapping &mapping = m_guess.mapping;
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            const std::string &name = m_sample.columns[i];
            switch (m_guess.columns[i].role) {
            case Role::Label: mapping.label = name; break;
            case Role::Score: mapping.score = name; break;
            case Role::Prediction: mapping.prediction = name; break;
            case Role::Time: mapping.time = name; break;
            case Role::LabelTime: mapping.labelTime = name; break;
            case Role::Weight: mapping.weight = name; break;
            case Role::Attribute: mapping.attributes.push_back({name, name, {}}); break;
            case Role::Feature: addFeature(i); break;
            case Role::ClassScore:
            case Role::Ignored: break;
            }
        }
        if (mapping.label.empty() || mapping.time.empty())
            mapping.labelTime.clear();
        if (mapping.task != Task::Binary)
            mapping.score.clear();
        if (mapping.task == Task::Binary) {
            mapping.labelValues = binaryValues(Role::Label);
            const BinaryValues decided = binaryValues(Role::Prediction);
            if (decided != mapping.labelValues)
                mapping.predictionValues = decided;
        }
    }
    /// In a multiclass log a number column that is called like a class is the class's score.
    void addFeature(std::size_t i)
    {
        Mapping &mapping = m_guess.mapping;
        const Column *label = columnOf(Role::Label);
        const std::string_view name = classIn(m_sample.columns[i]);
        const auto isName = [name](const std::string &value) { return wholeText(value) == name; };
        if (mapping.task == Task::Multiclass && label && std::ranges::any_of(label->values, isName)) {
            mapping.classScores.push_back({std::string(name), m_sample.columns[i]});
            set(i, Role::ClassScore, "named after a class");
            return;
        }
        mapping.features.push_back({m_sample.columns[i], m_columns[i].content == Content::Number});
    }

    const Sample &m_sample;
    const ColumnChoices &m_chosen;
    std::optional<Task> m_task;
    Guess m_guess;
    std::vector<Column> m_columns;
};

} // namespace

Guess guessMapping(const Sample &sample, const ColumnChoices &chosen, std::optional<Task> task) { return Guesser(sample, chosen, task).guess(); }

std::set<std::string> valuesOf(const Sample &sample, const std::string &column)
{
    const auto place = std::ranges::find(sample.columns, column);
    if (place == sample.columns.end())
        return {};
    return lookAtColumn(sample, static_cast<std::size_t>(place - sample.columns.begin()), defaultMissing()).values;
}

BinaryValues guessValues(const Sample &sample, const std::string &column) { return pairOf(valuesOf(sample, column)); }

} // namespace countersign::predictions
