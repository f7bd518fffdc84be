#include "ui/import/log/logplan.h"

#include "models/items/celltext.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <set>

namespace countersign::pages {

using items::oneLine;
using predictions::Mapping;
using predictions::Sample;
using predictions::Task;
using Role = LogColumn::Role;
using Content = LogColumn::Content;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("LogImport", text);
}

bool isSingle(Role role)
{
    return role == Role::Label || role == Role::Score || role == Role::Prediction || role == Role::Time || role == Role::LabelTime || role == Role::Weight;
}

std::vector<std::string> firstValues(const Sample &sample, std::size_t column, const std::vector<std::string> &missing)
{
    std::vector<std::string> values;
    for (const auto &row : sample.rows) {
        const std::string &cell = row[column];
        if (std::ranges::find(missing, cell) == missing.end() && std::ranges::find(values, cell) == values.end())
            values.push_back(cell);
        if (values.size() == kMostValues)
            break;
    }
    return values;
}

/// Columns with their looks, nothing assigned yet.
std::vector<LogColumn> looked(const Sample &sample, const std::vector<std::string> &missing)
{
    const predictions::Guess guess = predictions::guessMapping(sample);
    std::vector<LogColumn> columns;
    for (std::size_t i = 0; i < guess.columns.size(); ++i) {
        LogColumn column;
        column.name = guess.columns[i].column;
        column.content = guess.columns[i].content;
        column.distinct = guess.columns[i].distinct;
        column.values = firstValues(sample, i, missing);
        column.attribute = column.name;
        column.isNumber = column.content == Content::Number;
        columns.push_back(std::move(column));
    }
    return columns;
}

LogColumn *named(LogPlan &plan, const std::string &name)
{
    const auto found = std::ranges::find(plan.columns, name, &LogColumn::name);
    return found == plan.columns.end() ? nullptr : &*found;
}

/// Attributes that laws name, by what columns of them are usually called.
std::string protectedClassOf(const std::string &name)
{
    static const std::pair<const char *, const char *> kKnown[] = {
        {"sex", "sex"}, {"gender", "sex"}, {"race", "race or ethnic origin"}, {"ethnicity", "race or ethnic origin"}, {"age", "age"}, {"age_band", "age"},
        {"age_group", "age"}, {"disability", "disability"}, {"religion", "religion or belief"}, {"nationality", "nationality"},
        {"native_country", "nationality"}, {"marital_status", "marital status"}};
    std::string key;
    for (const char c : name)
        key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == ' ' || c == '-' ? '_' : c;
    for (const auto &[word, meaning] : kKnown)
        if (key == word)
            return meaning;
    return {};
}

/// The columns that a mapping names, each once, in its order.
std::vector<std::pair<std::string, Role>> namedBy(const Mapping &mapping)
{
    std::vector<std::pair<std::string, Role>> named;
    const auto add = [&named](const std::string &column, Role role) {
        if (!column.empty() && std::ranges::find(named, column, &std::pair<std::string, Role>::first) == named.end())
            named.emplace_back(column, role);
    };
    add(mapping.label, Role::Label);
    add(mapping.score, Role::Score);
    add(mapping.prediction, Role::Prediction);
    add(mapping.time, Role::Time);
    add(mapping.labelTime, Role::LabelTime);
    add(mapping.weight, Role::Weight);
    for (const auto &one : mapping.classScores)
        add(one.column, Role::ClassScore);
    for (const auto &one : mapping.attributes)
        add(one.column, Role::Attribute);
    for (const auto &one : mapping.features)
        add(one.column, Role::Feature);
    return named;
}

std::optional<PlanTrouble> at(PlanTrouble::Place place, std::size_t column, const QString &sentence)
{
    return PlanTrouble{place, column, sentence};
}

/// What is measured.
std::optional<PlanTrouble> troubleOfOutcome(const LogPlan &plan)
{
    using Place = PlanTrouble::Place;
    if (std::ranges::all_of(plan.columns, [](const LogColumn &column) { return column.content == Content::Empty; }))
        return at(Place::Columns, 0, tr("The log has no rows with anything in them, only the names of columns. Choose another file."));
    const bool hasDecision = columnOf(plan, Role::Prediction).has_value();
    const auto label = columnOf(plan, Role::Label);
    if (plan.task == Task::Binary && !hasDecision && !columnOf(plan, Role::Score))
        return at(Place::Columns, 0, tr("No column is the score or the prediction. Choose the one with what the model said, and give it that role."));
    if (plan.task == Task::Multiclass && !hasDecision)
        return at(Place::Columns, 0, tr("No column is the prediction. Choose the one with the class that the model said."));
    if (plan.task == Task::Regression && !hasDecision)
        return at(Place::Columns, 0, tr("No column is the prediction. Choose the one with the number that the model said."));
    if (plan.task != Task::Binary && !label)
        return at(Place::Columns, 0, tr("No column is the label. Choose the one with what really happened."));
    if (plan.task != Task::Binary)
        return {};
    if (label && plan.labelValues.positive.empty())
        return at(Place::Positive, *label, tr("Say which value of “%1” is the positive outcome.").arg(oneLine(plan.columns[*label].name)));
    if (!label && hasDecision && plan.labelValues.positive.empty() && plan.predictionValues.positive.empty()) {
        const std::size_t decision = *columnOf(plan, Role::Prediction);
        return at(Place::Positive, decision, tr("Say which value of “%1” is the positive decision.").arg(oneLine(plan.columns[decision].name)));
    }
    return {};
}

std::string counted(std::uint64_t n)
{
    return QLocale(QLocale::English).toString(static_cast<qulonglong>(n)).toStdString();
}

void warnOfLeftOut(const computed::ComputedSet &set, std::vector<std::string> &warnings)
{
    if (set.cells.empty())
        return;
    const auto &out = set.cells.front().leftOut;
    const auto add = [&warnings](std::uint64_t rows, const char *what) {
        if (rows > 0)
            warnings.push_back(counted(rows) + (rows == 1 ? " row has " : " rows have ") + what);
    };
    add(out.noLabel, "no label yet and are in no figure that needs one.");
    add(out.noScore, "no score and are in no figure.");
    add(out.notFinite, "an infinite score and are in no figure.");
    add(out.noPrediction, "no prediction and are in no figure.");
    add(out.noWeight, "the weight 0 and count for nothing.");
}

void warnOfGroups(const computed::ComputedSet &set, std::vector<std::string> &warnings)
{
    std::uint64_t small = 0;
    std::uint64_t oneSided = 0;
    for (const auto &cell : set.cells) {
        if (cell.window || cell.group.empty())
            continue;
        small += cell.n > 0 && cell.n < set.smallestGroup ? 1U : 0U;
        oneSided += set.mapping.task == Task::Binary && !set.mapping.label.empty() && cell.n >= set.smallestGroup
                && (cell.counts.positives() == 0 || cell.counts.negatives() == 0) ? 1U : 0U;
    }
    if (small > 0)
        warnings.push_back(counted(small) + (small == 1 ? " group has" : " groups have") + " fewer than " + counted(set.smallestGroup)
                           + " rows: shown, not compared.");
    if (oneSided > 0)
        warnings.push_back(counted(oneSided) + (oneSided == 1 ? " group has" : " groups have") + " only one outcome: some figures are undefined there.");
}

} // namespace

LogPlan planFrom(const Sample &sample, const predictions::Guess &guess)
{
    LogPlan plan;
    plan.task = guess.mapping.task;
    plan.labelValues = guess.mapping.labelValues;
    plan.predictionValues = guess.mapping.predictionValues;
    plan.columns = looked(sample, plan.missing);
    for (std::size_t i = 0; i < plan.columns.size(); ++i) {
        LogColumn &column = plan.columns[i];
        column.role = guess.columns[i].role;
        column.reason = guess.columns[i].reason;
        if (column.role == Role::Attribute)
            column.protectedClass = protectedClassOf(column.name);
    }
    for (const auto &score : guess.mapping.classScores)
        if (LogColumn *column = named(plan, score.column))
            column->className = score.className;
    return plan;
}

MappingFit fitOf(const Mapping &mapping, const std::vector<std::string> &columns)
{
    MappingFit fit;
    std::set<std::string> known;
    for (const auto &[column, role] : namedBy(mapping)) {
        ++fit.wanted;
        known.insert(column);
        if (std::ranges::find(columns, column) != columns.end())
            ++fit.found;
        else
            fit.missing.push_back(column);
    }
    for (const auto &column : columns)
        if (!known.contains(column))
            fit.unknown.push_back(column);
    return fit;
}

LogPlan planFrom(const Sample &sample, const Mapping &mapping, const std::string &name)
{
    LogPlan plan;
    plan.task = mapping.task;
    plan.labelValues = mapping.labelValues;
    plan.predictionValues = mapping.predictionValues;
    plan.timeFormat = mapping.timeFormat;
    plan.missing = mapping.missing;
    plan.dialect = mapping.dialect;
    plan.columns = looked(sample, plan.missing);
    for (const auto &[column, role] : namedBy(mapping))
        if (LogColumn *own = named(plan, column)) {
            own->role = role;
            own->reason = "as in " + name;
        }
    for (const auto &one : mapping.classScores)
        if (LogColumn *own = named(plan, one.column))
            own->className = one.className;
    for (const auto &one : mapping.attributes)
        if (LogColumn *own = named(plan, one.column); own && own->role == Role::Attribute) {
            own->attribute = one.name;
            own->bands = one.bands;
            own->protectedClass = protectedClassOf(one.name);
        }
    for (const auto &one : mapping.features)
        if (LogColumn *own = named(plan, one.column); own && own->role == Role::Feature)
            own->isNumber = one.isNumber;
    return plan;
}

Mapping mappingOf(const LogPlan &plan)
{
    Mapping mapping;
    mapping.task = plan.task;
    mapping.timeFormat = plan.timeFormat;
    mapping.missing = plan.missing;
    mapping.dialect = plan.dialect;
    if (plan.task == Task::Binary) {
        mapping.labelValues = plan.labelValues;
        mapping.predictionValues = plan.predictionValues;
    }
    for (const LogColumn &column : plan.columns) {
        switch (column.role) {
        case Role::Label: mapping.label = column.name; break;
        case Role::Score:
            if (plan.task == Task::Binary)
                mapping.score = column.name;
            break;
        case Role::Prediction: mapping.prediction = column.name; break;
        case Role::Time: mapping.time = column.name; break;
        case Role::LabelTime: mapping.labelTime = column.name; break;
        case Role::Weight: mapping.weight = column.name; break;
        case Role::ClassScore:
            if (plan.task == Task::Multiclass)
                mapping.classScores.push_back({column.className.empty() ? column.name : column.className, column.name});
            break;
        case Role::Attribute: mapping.attributes.push_back({column.attribute.empty() ? column.name : column.attribute, column.name, column.bands}); break;
        case Role::Feature: mapping.features.push_back({column.name, column.isNumber}); break;
        case Role::Ignored: break;
        }
    }
    return mapping;
}

void setRole(LogPlan &plan, std::size_t index, Role role)
{
    if (isSingle(role))
        for (std::size_t i = 0; i < plan.columns.size(); ++i)
            if (i != index && plan.columns[i].role == role) {
                plan.columns[i].role = Role::Feature;
                plan.columns[i].reason = "another column has its role";
            }
    LogColumn &column = plan.columns[index];
    if (column.role == role)
        return;
    const bool hadOutcome = column.role == Role::Label || role == Role::Label;
    column.role = role;
    column.reason = "chosen";
    if (role == Role::Attribute && column.protectedClass.empty())
        column.protectedClass = protectedClassOf(column.name);
    if (hadOutcome) {
        plan.labelValues = {};
        plan.predictionValues = {};
    }
}

std::optional<std::size_t> columnOf(const LogPlan &plan, Role role)
{
    const auto found = std::ranges::find(plan.columns, role, &LogColumn::role);
    return found == plan.columns.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - plan.columns.begin()));
}

std::optional<PlanTrouble> troubleOf(const LogPlan &plan)
{
    if (const auto trouble = troubleOfOutcome(plan))
        return trouble;
    std::set<std::string> names;
    for (std::size_t i = 0; i < plan.columns.size(); ++i) {
        const LogColumn &column = plan.columns[i];
        if (column.role == Role::Attribute && !names.insert(column.attribute.empty() ? column.name : column.attribute).second)
            return at(PlanTrouble::Place::Column, i, tr("Two attributes are called “%1”. Give one of them another name.").arg(oneLine(column.attribute)));
        if (column.role == Role::Attribute && !column.bands.isEmpty() && column.content == Content::Text)
            return at(PlanTrouble::Place::Column, i, tr("“%1” has texts; only numbers can be cut into bands.").arg(oneLine(column.name)));
    }
    if (const auto status = mappingOf(plan).check(); !status)
        return at(PlanTrouble::Place::Columns, 0, oneLine(status.error().text()));
    return {};
}

QString roleWord(Role role)
{
    switch (role) {
    case Role::Ignored: return tr("Ignored");
    case Role::Label: return tr("Label");
    case Role::Score: return tr("Score");
    case Role::Prediction: return tr("Prediction");
    case Role::ClassScore: return tr("Score of a class");
    case Role::Time: return tr("Time");
    case Role::LabelTime: return tr("Time of the label");
    case Role::Weight: return tr("Weight");
    case Role::Attribute: return tr("Attribute");
    case Role::Feature: return tr("Feature");
    }
    return {};
}

QString contentWord(Content content)
{
    switch (content) {
    case Content::Empty: return tr("empty");
    case Content::Number: return tr("numbers");
    case Content::Time: return tr("times");
    case Content::Text: return tr("texts");
    }
    return {};
}

QString reasonText(const LogColumn &column)
{
    return oneLine(column.reason);
}

QString detailText(const LogPlan &plan, const LogColumn &column)
{
    const auto listed = [](const std::vector<std::string> &values) {
        QStringList texts;
        for (const auto &value : values)
            texts.append(oneLine(value));
        return texts.join(QStringLiteral(", "));
    };
    switch (column.role) {
    case Role::Label:
    case Role::Prediction: {
        if (plan.task != Task::Binary)
            return {};
        const auto &own = column.role == Role::Prediction && !plan.predictionValues.positive.empty() ? plan.predictionValues : plan.labelValues;
        if (own.positive.empty())
            return tr("positive value not chosen");
        return own.negative.empty() ? tr("positive %1, others negative").arg(listed(own.positive))
                                    : tr("positive %1, negative %2").arg(listed(own.positive), listed(own.negative));
    }
    case Role::ClassScore: return tr("of %1").arg(oneLine(column.className.empty() ? column.name : column.className));
    case Role::Attribute: {
        QStringList parts;
        if (!column.bands.isEmpty())
            parts.append(listed(column.bands.names()));
        if (!column.protectedClass.empty())
            parts.append(tr("protected: %1").arg(oneLine(column.protectedClass)));
        if (!column.basis.empty())
            parts.append(oneLine(column.basis));
        return parts.join(QStringLiteral(" · "));
    }
    case Role::Feature: return column.isNumber ? tr("number") : tr("category");
    default: return {};
    }
}

std::vector<std::string> warningsOf(const computed::ComputedSet &set)
{
    std::vector<std::string> warnings;
    if (set.mapping.label.empty())
        warnings.emplace_back("The log has no label: only selection rates can be computed.");
    warnOfLeftOut(set, warnings);
    warnOfGroups(set, warnings);
    if (set.scoreStep > 0)
        warnings.push_back("The log does not fit into memory: scores were rounded down to multiples of " + std::to_string(set.scoreStep)
                           + "; AUC and its relatives have an error bound beside them.");
    if (set.uncertainRows > 0)
        warnings.push_back(counted(set.uncertainRows) + " rows lie in the step of scores that the threshold divides.");
    if (set.parameters.window.unit != scoretables::WindowUnit::None && !set.log.hasTimes)
        warnings.emplace_back("No time could be read: there are no windows.");
    if (!set.mapping.attributes.empty() && set.parameters.depth == 0)
        warnings.emplace_back("Attributes are named, but no groups were asked for.");
    warnings.insert(warnings.end(), set.notes.begin(), set.notes.end());
    return warnings;
}

} // namespace countersign::pages
