#include "models/predictions/mapping/guess.h"

#include "models/predictions/formats/numbers.h"

#include <array>
#include <set>

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
    column.isMostlyNumbers = 10 * numbers >= 9 * all;
    column.isMostlyTimes = 10 * times >= 9 * all;
    return column;
}

class Guesser
{
public:
    Guesser(const Sample &sample, const ColumnChoices &chosen) : m_sample(sample), m_chosen(chosen)
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
        decideTask();
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
            else if (m_columns[i].content == Content::Time)
                has(Role::Time) ? void() : set(i, Role::Time, "its values are times");
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
    /// By the label, or the prediction where there is none: two values, several texts, or numbers.
    void decideTask()
    {
        std::size_t i = indexOf(Role::Label);
        if (i == m_columns.size())
            i = indexOf(Role::Prediction);
        if (i == m_columns.size() || m_columns[i].values.size() <= 2)
            return;
        m_guess.mapping.task = m_columns[i].content == Content::Number ? Task::Regression : Task::Multiclass;
    }
    BinaryValues binaryValues(Role role) const
    {
        const std::size_t i = indexOf(role);
        if (i == m_columns.size())
            return {};
        const auto &values = m_columns[i].values;
        for (const auto &[positive, negative] : kPairs) {
            const bool fitsPair = std::ranges::all_of(values, [&yes = positive, &no = negative](const std::string &value) { return value == yes || value == no; });
            if (!values.empty() && fitsPair)
                return {{std::string(positive)}, {std::string(negative)}};
        }
        return {};
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
    /// In a multiclass log a number column that is called like a class with "p_" or "proba_" before it is the class's score.
    void addFeature(std::size_t i)
    {
        Mapping &mapping = m_guess.mapping;
        const std::size_t label = indexOf(Role::Label);
        for (const std::string_view prefix : {"p_", "proba_", "prob_", "score_"}) {
            const std::string &name = m_sample.columns[i];
            if (mapping.task != Task::Multiclass || !name.starts_with(prefix) || label == m_columns.size()
                || !m_columns[label].values.contains(name.substr(prefix.size())))
                continue;
            mapping.classScores.push_back({name.substr(prefix.size()), name});
            set(i, Role::ClassScore, "named after a class");
            return;
        }
        mapping.features.push_back({m_sample.columns[i], m_columns[i].content == Content::Number});
    }

    const Sample &m_sample;
    const ColumnChoices &m_chosen;
    Guess m_guess;
    std::vector<Column> m_columns;
};

} // namespace

Guess guessMapping(const Sample &sample, const ColumnChoices &chosen) { return Guesser(sample, chosen).guess(); }

} // namespace countersign::predictions
