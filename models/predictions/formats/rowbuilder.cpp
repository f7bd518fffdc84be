#include "models/predictions/formats/rowbuilder.h"

#include "models/base/text.h"

namespace countersign::predictions {

namespace {

/// Makes a Plan; each step gives a column a target.
class Planner
{
public:
    Planner(Plan &plan, const std::vector<std::string> &columns) : m_plan(plan)
    {
        for (std::size_t i = 0; i < columns.size(); ++i)
            m_byName[columns[i]].push_back(i);
    }

    int number(const std::string &name, Target::Kind kind = Target::Kind::Number)
    {
        const auto index = m_plan.schema.numberNames.size();
        m_plan.schema.numberNames.push_back(name);
        target(name, {kind, static_cast<std::uint16_t>(index), 0, 0});
        return static_cast<int>(index);
    }
    int code(const std::string &name, const std::string &column, int dictionary)
    {
        const int index = addCode(name, dictionary);
        target(column, {Target::Kind::Code, static_cast<std::uint16_t>(index), static_cast<std::uint16_t>(dictionary), 0});
        return index;
    }
    int band(const AttributeMapping &attribute)
    {
        Dictionary dictionary({}, Dictionary::Unseen::Refuse);
        std::uint32_t code = 0;
        for (const auto &name : attribute.bands.names())
            dictionary.preset(name, ++code);
        const int index = addCode(attribute.name, addDictionary(std::move(dictionary)));
        m_plan.bands.push_back(attribute.bands);
        target(attribute.column, {Target::Kind::Band, static_cast<std::uint16_t>(index), 0, static_cast<std::uint16_t>(m_plan.bands.size() - 1)});
        return index;
    }
    void time(const std::string &column)
    {
        m_plan.schema.hasTime = true;
        target(column, {Target::Kind::Time, 0, 0, 0});
    }
    int addDictionary(Dictionary dictionary)
    {
        m_plan.dictionaries.push_back(std::move(dictionary));
        return static_cast<int>(m_plan.dictionaries.size() - 1);
    }
    Dictionary open() const { return Dictionary(m_plan.mapping.missing); }
    Dictionary binary(const BinaryValues &values) const
    {
        Dictionary dictionary(m_plan.mapping.missing, values.negative.empty() ? Dictionary::Unseen::Rest : Dictionary::Unseen::Refuse);
        if (values.negative.empty())
            dictionary.setRest(kNegativeValue, "(any other)");
        for (const auto &text : values.negative)
            dictionary.preset(text, kNegativeValue, true);
        for (const auto &text : values.positive)
            dictionary.preset(text, kPositiveValue, true);
        return dictionary;
    }
    const std::optional<Error> &error() const { return m_error; }

private:
    int addCode(const std::string &name, int dictionary)
    {
        m_plan.schema.codeNames.push_back(name);
        m_plan.schema.codeDictionary.push_back(dictionary);
        return static_cast<int>(m_plan.schema.codeNames.size() - 1);
    }
    void target(const std::string &column, Target target)
    {
        const auto found = m_byName.find(column);
        if (found == m_byName.end() || found->second.size() > 1) {
            const char *what = found == m_byName.end() ? "\" is not in the log. Change the mapping, or take the log that has it."
                                                       : "\" is in the log's header more than once. Rename one of them.";
            if (!m_error)
                m_error = Error{ErrorKind::Invalid, "The column \"" + shownSample(column) + what, "mapping"};
            return;
        }
        const std::size_t index = found->second.front();
        if (m_plan.first[index].kind == Target::Kind::Nothing)
            m_plan.first[index] = target;
        else
            m_plan.more[index].push_back(target);
    }

    Plan &m_plan;
    std::map<std::string, std::vector<std::size_t>> m_byName;
    std::optional<Error> m_error;
};

void planTruth(Planner &planner, const Mapping &mapping, Schema &schema)
{
    if (mapping.task == Task::Regression) {
        schema.labelNumber = mapping.label.empty() ? -1 : planner.number(mapping.label);
        schema.predictionNumber = mapping.prediction.empty() ? -1 : planner.number(mapping.prediction);
        return;
    }
    if (mapping.task == Task::Multiclass) {
        Dictionary names = planner.open();
        names.joinWholeNumbers(); // labels and predictions come from programs that write numbers in their own ways
        const int classes = planner.addDictionary(std::move(names));
        schema.label = mapping.label.empty() ? -1 : planner.code(mapping.label, mapping.label, classes);
        schema.prediction = mapping.prediction.empty() ? -1 : planner.code(mapping.prediction, mapping.prediction, classes);
        return;
    }
    const BinaryValues &decided = mapping.predictionValues.positive.empty() ? mapping.labelValues : mapping.predictionValues;
    if (!mapping.label.empty())
        schema.label = planner.code(mapping.label, mapping.label, planner.addDictionary(planner.binary(mapping.labelValues)));
    if (!mapping.prediction.empty())
        schema.prediction = planner.code(mapping.prediction, mapping.prediction, planner.addDictionary(planner.binary(decided)));
    if (!mapping.score.empty())
        schema.score = planner.number(mapping.score);
}

template<class T>
std::vector<T> firstOf(const std::vector<T> &from, std::size_t count)
{
    return std::vector<T>(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(count));
}

Codes narrowed(const std::vector<std::uint32_t> &codes, std::size_t count)
{
    std::uint32_t all = 0;
    for (std::size_t i = 0; i < count; ++i)
        all |= codes[i];
    const auto narrow = [&]<class T>(std::vector<T> to) {
        to.resize(count);
        for (std::size_t i = 0; i < count; ++i)
            to[i] = static_cast<T>(codes[i]);
        return Codes(std::move(to));
    };
    if (all <= 0xFF)
        return narrow(std::vector<std::uint8_t>());
    if (all <= 0xFFFF)
        return narrow(std::vector<std::uint16_t>());
    return Codes(firstOf(codes, count));
}

} // namespace

Result<Plan> Plan::make(const Mapping &mapping, const Dialect &dialect, const std::vector<std::string> &columns)
{
    const auto checked = mapping.check();
    if (!checked)
        return checked.error();
    Plan plan;
    plan.mapping = mapping;
    plan.decimal = dialect.decimal;
    plan.columns = columns;
    plan.first.resize(columns.size());
    plan.more.resize(columns.size());
    Planner planner(plan, columns);
    Schema &schema = plan.schema;
    planTruth(planner, mapping, schema);
    for (const auto &score : mapping.classScores)
        schema.classScores.push_back(planner.number(score.column));
    if (!mapping.weight.empty())
        schema.weight = planner.number(mapping.weight, Target::Kind::Weight);
    if (!mapping.time.empty())
        planner.time(mapping.time);
    if (!mapping.labelTime.empty())
        schema.labelDelay = planner.number(mapping.labelTime, Target::Kind::LabelTime);
    for (const auto &attribute : mapping.attributes)
        schema.attributes.push_back(attribute.bands.isEmpty()
                                        ? planner.code(attribute.name, attribute.column, planner.addDictionary(planner.open()))
                                        : planner.band(attribute));
    for (const auto &feature : mapping.features) {
        if (feature.isNumber)
            schema.numberFeatures.push_back(planner.number(feature.column));
        else
            schema.categoryFeatures.push_back(planner.code(feature.column, feature.column, planner.addDictionary(planner.open())));
    }
    if (planner.error())
        return *planner.error();
    return plan;
}

RowBuilder::RowBuilder(const Plan &plan, std::uint32_t thread, std::size_t keepRejected)
    : m_plan(plan)
    , m_thread(thread)
    , m_keepRejected(keepRejected)
    , m_dictionaries(plan.dictionaries)
    , m_moments(plan.mapping.timeFormat)
    , m_labelMoments(plan.mapping.timeFormat)
    , m_numbers(plan.schema.numberNames.size())
    , m_codes(plan.schema.codeNames.size())
{
}

void RowBuilder::beginChunk()
{
    m_row = 0;
    m_rowsSeen = 0;
    m_rejected.clear();
}

void RowBuilder::grow()
{
    m_capacity = std::max<std::size_t>(16'384, m_capacity * 2);
    for (auto &column : m_numbers)
        column.resize(m_capacity);
    for (auto &column : m_codes)
        column.resize(m_capacity);
    if (m_plan.schema.hasTime)
        m_hours.resize(m_capacity);
}

void RowBuilder::clearRow()
{
    for (auto &column : m_numbers)
        column[m_row] = std::numeric_limits<double>::quiet_NaN();
    for (auto &column : m_codes)
        column[m_row] = Dictionary::kMissing;
    if (m_plan.schema.hasTime)
        m_hours[m_row] = kNoTime;
    m_ms.reset();
    m_labelMs.reset();
}

bool RowBuilder::isMissing(std::string_view text) const
{
    return text.empty() || std::ranges::find(m_plan.mapping.missing, text) != m_plan.mapping.missing.end();
}

bool RowBuilder::putOddNumber(double &to, std::string_view text)
{
    to = std::numeric_limits<double>::quiet_NaN();
    m_problem = RowProblem::NotANumber;
    return isMissing(text);
}

bool RowBuilder::putOddTime(std::int32_t &to, std::string_view text)
{
    to = kNoTime;
    m_ms.reset();
    m_problem = RowProblem::NotATime;
    return isMissing(text);
}

bool RowBuilder::putLabelTime(std::string_view text)
{
    const auto moment = m_labelMoments.parse(text);
    m_labelMs = moment ? std::optional(toMillis(*moment)) : std::nullopt;
    m_problem = RowProblem::NotATime;
    return moment || isMissing(text);
}

void RowBuilder::putDelay()
{
    constexpr double kDay = 86'400'000;
    m_numbers[static_cast<std::size_t>(m_plan.schema.labelDelay)][m_row] =
        m_ms && m_labelMs ? static_cast<double>(*m_labelMs - *m_ms) / kDay : std::numeric_limits<double>::quiet_NaN();
}

bool RowBuilder::putWeight(double &to, std::string_view text)
{
    m_problem = RowProblem::BadWeight;
    return parseNumber(text, m_plan.decimal, to) && std::isfinite(to) && to >= 0;
}

bool RowBuilder::putBand(std::uint32_t &to, const Bands &bands, std::string_view text)
{
    double value = 0;
    if (!putNumber(value, text))
        return false;
    to = static_cast<std::uint32_t>(std::isnan(value) ? 0 : bands.bandOf(value) + 1);
    return true;
}

bool RowBuilder::refuseCode(std::uint32_t reason)
{
    m_problem = reason == Dictionary::kNotText    ? RowProblem::NotText
                : reason == Dictionary::kTooLong  ? RowProblem::ValueTooLong
                : reason == Dictionary::kTooMany  ? RowProblem::TooManyValues
                                                  : RowProblem::UnknownValue;
    return false;
}

void RowBuilder::putMore(std::size_t column, std::string_view text)
{
    for (const Target &target : m_plan.more[column])
        if (!putTo(target, m_row, text))
            refuse(m_problem, column, text);
}

std::vector<bool> RowBuilder::usedColumns() const
{
    std::vector<bool> isUsed;
    for (const Target &target : m_plan.first)
        isUsed.push_back(target.kind != Target::Kind::Nothing);
    return isUsed;
}

template<class Put>
void RowBuilder::forEachCell(const CellBlock &block, std::size_t column, const Put &put)
{
    const std::string_view *cells = block.cellsOf(column);
    for (std::size_t i = 0; i < block.rows; ++i)
        if (!put(i, cells[i])) [[unlikely]]
            m_odd.push_back({i, column, m_problem});
}

void RowBuilder::putColumn(const Target &target, const CellBlock &block, std::size_t column)
{
    switch (target.kind) {
    case Target::Kind::Number: {
        double *to = m_numbers[target.column].data() + m_row;
        return forEachCell(block, column, [&](std::size_t i, std::string_view text) { return putNumber(to[i], text); });
    }
    case Target::Kind::Code: {
        std::uint32_t *to = m_codes[target.column].data() + m_row;
        Dictionary &dictionary = m_dictionaries[target.dictionary];
        return forEachCell(block, column, [&](std::size_t i, std::string_view text) { return putCode(to[i], dictionary, text); });
    }
    case Target::Kind::Time: {
        std::int32_t *to = m_hours.data() + m_row;
        return forEachCell(block, column, [&](std::size_t i, std::string_view text) { return putTime(to[i], text); });
    }
    default:
        return forEachCell(block, column, [&](std::size_t i, std::string_view text) { return putTo(target, m_row + i, text); });
    }
}

void RowBuilder::putRows(const CellBlock &block, std::uint64_t line)
{
    while (m_row + block.rows > m_capacity)
        grow();
    m_odd.clear();
    for (const std::size_t column : block.columns()) {
        putColumn(m_plan.first[column], block, column);
        for (const Target &target : m_plan.more[column])
            putColumn(target, block, column);
    }
    if (!m_odd.empty()) {
        leaveOutOdd(block, line);
        return;
    }
    m_row += block.rows;
    m_rowsSeen += block.rows;
}

/// Refuses the rows of odd cells, in order and by the first reason of each, and closes the gaps.
void RowBuilder::leaveOutOdd(const CellBlock &block, std::uint64_t line)
{
    std::ranges::stable_sort(m_odd, {}, &OddCell::row);
    const std::size_t begin = m_row;
    std::size_t next = 0;
    for (std::size_t i = 0; i < block.rows; ++i) {
        m_isBad = false;
        for (; next < m_odd.size() && m_odd[next].row == i; ++next)
            refuse(m_odd[next].problem, m_odd[next].column, block.cellsOf(m_odd[next].column)[i]);
        ++m_rowsSeen;
        if (m_isBad)
            keepRefused(line + i, 1);
        else
            moveRow(begin + i, m_row++);
    }
}

void RowBuilder::moveRow(std::size_t from, std::size_t to)
{
    if (from == to)
        return;
    for (auto &column : m_numbers)
        column[to] = column[from];
    for (auto &column : m_codes)
        column[to] = column[from];
    if (m_plan.schema.hasTime)
        m_hours[to] = m_hours[from];
}

void RowBuilder::refuse(RowProblem problem, std::size_t column, std::string_view sample)
{
    if (std::exchange(m_isBad, true))
        return;
    m_refusedColumn = column;
    m_refused.problem = problem;
    m_refused.sample.clear();
    m_refused.column.clear();
    if (m_rejected.size() >= m_keepRejected)
        return;
    m_refused.column = column == kWholeRow ? std::string() : text::visible(m_plan.columns[column]);
    m_refused.sample = shownSample(sample);
}

void RowBuilder::keepRefused(std::uint64_t line, std::uint64_t times)
{
    m_rejectedTotal += times;
    m_counts[{m_refusedColumn, m_refused.problem}] += times;
    if (m_rejected.size() >= m_keepRejected)
        return;
    m_refused.row = m_rowsSeen - 1;
    m_refused.line = line;
    m_rejected.push_back(m_refused);
}

Chunk RowBuilder::takeChunk()
{
    Chunk chunk;
    chunk.rows = static_cast<std::uint32_t>(m_row);
    chunk.dictionaries = m_thread;
    for (const auto &column : m_numbers)
        chunk.numbers.push_back(firstOf(column, m_row));
    for (const auto &column : m_codes)
        chunk.codes.push_back(narrowed(column, m_row));
    if (m_plan.schema.hasTime)
        chunk.hours = firstOf(m_hours, m_row);
    return chunk;
}

MergedDictionaries mergeDictionaries(const std::vector<const RowBuilder *> &builders, const Plan &plan)
{
    MergedDictionaries merged;
    merged.localToGlobal.assign(builders.size(), std::vector<std::vector<std::uint32_t>>(plan.dictionaries.size()));
    for (std::size_t i = 0; i < plan.dictionaries.size(); ++i) {
        const std::size_t presets = plan.dictionaries[i].texts().size();
        std::vector<std::string> texts(plan.dictionaries[i].texts());
        for (const RowBuilder *builder : builders) {
            const auto &own = builder->dictionaries()[i].texts();
            texts.insert(texts.end(), own.begin() + static_cast<std::ptrdiff_t>(presets), own.end());
        }
        const auto found = texts.begin() + static_cast<std::ptrdiff_t>(presets);
        std::sort(found, texts.end());
        texts.erase(std::unique(found, texts.end()), texts.end());
        for (std::size_t t = 0; t < builders.size(); ++t) {
            const auto &own = builders[t]->dictionaries()[i].texts();
            auto &map = merged.localToGlobal[t][i];
            for (std::size_t code = 0; code < own.size(); ++code) {
                const auto at = code < presets ? texts.begin() + static_cast<std::ptrdiff_t>(code)
                                               : std::lower_bound(texts.begin() + static_cast<std::ptrdiff_t>(presets), texts.end(), own[code]);
                map.push_back(static_cast<std::uint32_t>(at - texts.begin()));
            }
        }
        merged.dictionaries.push_back(std::move(texts));
    }
    return merged;
}

} // namespace countersign::predictions
