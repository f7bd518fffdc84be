#include "ui/import/log/readstep.h"

#include "models/items/celltext.h"
#include "models/items/imports/logpreviewtable.h"
#include "ui/theme/type.h"
#include "ui/widgets/cards/badge.h"
#include "ui/widgets/cards/labels.h"
#include "ui/widgets/fields/formfield.h"
#include "ui/widgets/messages/emptystate.h"
#include "ui/widgets/tables/tableview.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLocale>

namespace countersign::pages {

using items::LogPreviewTable;
using predictions::Format;
using theme::scaled;

namespace {

constexpr int kFound = 0; ///< data of the choice "as found"
constexpr int kMostFormatted = 64;
constexpr int kWidest = 900; ///< of a column, where there is room

QString delimiterName(char delimiter)
{
    switch (delimiter) {
    case ',': return ReadStep::tr("comma ,");
    case ';': return ReadStep::tr("semicolon ;");
    case '\t': return ReadStep::tr("tab");
    case '|': return ReadStep::tr("bar |");
    default: return QString(QLatin1Char(delimiter));
    }
}

QString decimalName(char decimal)
{
    return decimal == ',' ? ReadStep::tr("comma, 0,69") : ReadStep::tr("point, 0.69");
}

QComboBox *choiceOf(std::initializer_list<std::pair<QString, int>> choices)
{
    auto *combo = new QComboBox;
    combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    combo->addItem(QString(), kFound);
    for (const auto &[text, value] : choices)
        combo->addItem(text, value);
    return combo;
}

QString formatName(Format format)
{
    return format == Format::Parquet ? ReadStep::tr("Parquet") : format == Format::Csv ? ReadStep::tr("CSV") : ReadStep::tr("JSON lines");
}

/// "a, b, c and 2 more".
QString listed(const std::vector<std::string> &names)
{
    constexpr std::size_t kMostNamed = 4;
    QStringList texts;
    for (std::size_t i = 0; i < std::min(kMostNamed, names.size()); ++i)
        texts.append(items::oneLine(names[i]));
    return texts.join(QStringLiteral(", ")) + (names.size() > kMostNamed ? ReadStep::tr(" and %1 more").arg(names.size() - kMostNamed) : QString());
}

/// The first entry says what was found; an entry of its own stands for what was chosen.
void say(QComboBox &combo, const QString &found, int chosen)
{
    combo.setItemText(0, ReadStep::tr("found: %1").arg(found));
    combo.setCurrentIndex(std::max(0, combo.findData(chosen)));
}

} // namespace

ReadStep::ReadStep(QWidget *parent)
    : QWidget(parent)
    , m_format(choiceOf({{tr("CSV"), 1 + int(Format::Csv)}, {tr("JSON lines"), 1 + int(Format::JsonLines)}}))
    , m_delimiter(choiceOf({{delimiterName(','), ','}, {delimiterName(';'), ';'}, {delimiterName('\t'), '\t'}, {delimiterName('|'), '|'}}))
    , m_decimal(choiceOf({{decimalName('.'), '.'}, {decimalName(','), ','}}))
    , m_header(choiceOf({{tr("names"), 2}, {tr("the first case"), 1}}))
    , m_formatField(new widgets::FormField(tr("Format"), m_format))
    , m_delimiterField(new widgets::FormField(tr("Delimiter"), m_delimiter))
    , m_decimalField(new widgets::FormField(tr("Decimal mark"), m_decimal))
    , m_headerField(new widgets::FormField(tr("First line"), m_header))
    , m_facts(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_state(new widgets::StateLabel(theme::State::Pass))
    , m_doubts(new widgets::PlainLabel({}, theme::Type::Secondary, widgets::Ink::Secondary))
    , m_rows(new LogPreviewTable(this))
    , m_table(new widgets::TableView(tr("First rows of the log")))
{
    m_format->setObjectName(QStringLiteral("format"));
    m_delimiter->setObjectName(QStringLiteral("delimiter"));
    m_decimal->setObjectName(QStringLiteral("decimal"));
    m_header->setObjectName(QStringLiteral("header"));
    m_facts->setWordWrap(true);
    m_facts->setSelectable(true);
    m_doubts->setWordWrap(true);
    m_doubts->setObjectName(QStringLiteral("doubts"));
    const int margin = scaled(theme::space::kPage);
    auto *choices = new QHBoxLayout;
    choices->setSpacing(scaled(theme::space::kMedium));
    for (widgets::FormField *field : {m_formatField, m_delimiterField, m_decimalField, m_headerField})
        choices->addWidget(field, 0, Qt::AlignTop);
    choices->addStretch(1);
    auto *state = new QHBoxLayout;
    state->setSpacing(scaled(theme::space::kSmall));
    state->addWidget(m_state, 0, Qt::AlignTop);
    state->addWidget(m_doubts, 1);
    auto *top = new QVBoxLayout;
    top->setContentsMargins(margin, scaled(14), margin, scaled(10));
    top->setSpacing(scaled(theme::space::kSmall));
    top->addWidget(m_facts);
    top->addLayout(choices);
    top->addLayout(state);
    m_table->setModel(m_rows);
    m_table->setRowHeight(theme::height::kRowCompact);
    m_table->emptyState()->describe(widgets::EmptyState::Cause::NothingYet, tr("No row can be read this way"),
                                    tr("The file has a header and no rows, or every row has another number of fields. Choose another format or delimiter above."));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top);
    column->addWidget(m_table, 1);
    for (QComboBox *combo : {m_format, m_delimiter, m_decimal, m_header})
        connect(combo, &QComboBox::activated, this, &ReadStep::choose);
}

QWidget *ReadStep::firstField() const
{
    return !m_delimiterField->isHidden() ? static_cast<QWidget *>(m_delimiter) : m_format->isEnabled() ? static_cast<QWidget *>(m_format) : m_table;
}

void ReadStep::choose()
{
    predictions::DialectChoice choice;
    if (const int format = m_format->currentData().toInt(); format != kFound)
        choice.format = static_cast<Format>(format - 1);
    if (const int delimiter = m_delimiter->currentData().toInt(); delimiter != kFound)
        choice.delimiter = static_cast<char>(delimiter);
    if (const int decimal = m_decimal->currentData().toInt(); decimal != kFound)
        choice.decimal = static_cast<char>(decimal);
    if (const int header = m_header->currentData().toInt(); header != kFound)
        choice.hasHeader = header == 2;
    Q_EMIT choiceChanged(choice);
}

void ReadStep::showPreview(const LogPreview &preview, const predictions::DialectChoice &choice)
{
    const predictions::Dialect &dialect = preview.sample.dialect;
    const bool isCsv = dialect.format == Format::Csv;
    for (widgets::FormField *field : {m_formatField, m_delimiterField, m_decimalField, m_headerField})
        field->setError({});
    const bool isParquet = dialect.format == Format::Parquet;
    m_format->setEnabled(!isParquet); // says of itself what it is
    say(*m_format, formatName(dialect.format), choice.format ? 1 + int(*choice.format) : kFound);
    say(*m_delimiter, delimiterName(dialect.delimiter), choice.delimiter ? *choice.delimiter : kFound);
    say(*m_decimal, decimalName(dialect.decimal), choice.decimal ? *choice.decimal : kFound);
    say(*m_header, dialect.hasHeader ? tr("names") : tr("the first case"), choice.hasHeader ? (*choice.hasHeader ? 2 : 1) : kFound);
    for (widgets::FormField *field : {m_delimiterField, m_decimalField, m_headerField})
        field->setVisible(isCsv);
    const std::string_view compression = predictions::compressionName(preview.compression);
    QStringList facts{items::oneLine(preview.path.toStdString()), locale().formattedDataSize(preview.bytes)};
    if (!isParquet) { // which has its own, column by column
        facts.append(tr("encoding %1, told by the first bytes").arg(QString::fromLatin1(predictions::encodingName(preview.encoding).data())));
        facts.append(preview.compression == predictions::Compression::None ? tr("not compressed")
                                                                           : tr("compressed with %1").arg(QString::fromUtf8(compression.data(), qsizetype(compression.size()))));
    }
    facts.append(tr("%1 columns").arg(locale().toString(static_cast<qulonglong>(preview.sample.columns.size()))));
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    m_rows->setSample(preview.sample, predictions::defaultMissing());
    QList<widgets::ColumnFormat> formats;
    for (int i = 0; i < std::min(kMostFormatted, m_rows->columnCount()); ++i) {
        const auto content = preview.guess.columns[static_cast<std::size_t>(i)].content;
        const auto kind = m_rows->hasDoubt(i)                                     ? widgets::CellKind::Verdict
            : content == predictions::ColumnGuess::Content::Number ? widgets::CellKind::Number
                                                                   : widgets::CellKind::Text;
        formats.append({.kind = kind, .most = kWidest, .stateRole = LogPreviewTable::StateRole});
    }
    m_table->setColumnFormats(formats);
    showDoubts(preview.columnsLeftOut);
}

void ReadStep::showDoubts(const std::vector<std::string> &columnsLeftOut)
{
    const QStringList &doubts = m_rows->doubts();
    QStringList said;
    if (doubts.isEmpty())
        said.append(tr("The first %1 rows look alike in every column.").arg(m_rows->rowCount()));
    else
        said.append(doubts.mid(0, 3).join(QLatin1Char(' ')) + (doubts.size() > 3 ? tr(" And %1 more columns.").arg(doubts.size() - 3) : QString()));
    if (!columnsLeftOut.empty())
        said.append(tr("Left out, because they are lists or structures: %1.").arg(listed(columnsLeftOut)));
    const bool isWhole = doubts.isEmpty() && columnsLeftOut.empty();
    m_state->setState(isWhole ? theme::State::Pass : theme::State::Watch, isWhole ? tr("No doubts") : doubts.isEmpty() ? tr("Columns left out") : tr("Doubts"));
    m_doubts->setText(said.join(QLatin1Char(' ')));
}

void ReadStep::showFailure(const Error &error)
{
    const QString sentence = items::oneLine(error.message);
    const bool isDecimal = sentence.contains(QLatin1String("two ways"));
    widgets::FormField *field = isDecimal ? m_decimalField : m_formatField;
    m_rows->setSample({}, {});
    m_state->setState(theme::State::Fail, tr("Cannot be read"));
    m_doubts->setText(sentence);
    m_decimalField->setVisible(true);
    m_delimiterField->setVisible(true);
    field->setError(sentence);
    (isDecimal ? m_decimal : m_format)->setFocus(Qt::OtherFocusReason);
}

} // namespace countersign::pages
