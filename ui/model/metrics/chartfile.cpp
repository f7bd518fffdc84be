#include "ui/model/metrics/chartfile.h"

#include "models/base/number.h"
#include "models/base/text.h"
#include "ui/widgets/tables/tableview.h"

#include <QSaveFile>

#include <cmath>

namespace countersign::pages {

namespace {

constexpr const char *kHeads[] = {"time", "series", "value", "lower", "upper", "n", "state", "note"};

QString numberText(const std::optional<double> &value)
{
    return value && !std::isnan(*value) ? QString::fromStdString(number::shortest(*value)) : QString();
}

QStringList cellsOf(const report::ChartSeries &series, const report::ChartPoint &point)
{
    const auto safe = [](std::string_view text) { return widgets::spreadsheetSafe(QString::fromStdString(text::visible(text))); };
    return {QString::fromStdString(formatUtc(point.time)),
            safe(series.name),
            numberText(point.value),
            numberText(point.lower),
            numberText(point.upper),
            point.n ? QString::number(*point.n) : QString(),
            point.state ? QString::fromUtf8(verdictKey(*point.state).data()) : QString(),
            safe(point.note)};
}

QByteArray csvLine(const QStringList &cells)
{
    QByteArray line;
    for (const QString &cell : cells) {
        QByteArray bytes = cell.toUtf8();
        if (bytes.contains(',') || bytes.contains('"'))
            bytes = '"' + bytes.replace("\"", "\"\"") + '"';
        line += (line.isEmpty() ? "" : ",") + bytes;
    }
    return line + "\r\n";
}

QStringList heads()
{
    QStringList names;
    for (const char *head : kHeads)
        names.append(QString::fromLatin1(head));
    return names;
}

Error unwritable(const QSaveFile &file)
{
    return {ErrorKind::Io, "The chart could not be written: " + file.errorString().toStdString() + ".", file.fileName().toStdString()};
}

} // namespace

Status writeChartCsv(const QString &path, const report::ChartSpec &spec, const Progress &progress)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return unwritable(file);
    file.write(csvLine(heads()));
    std::uint64_t total = 0;
    for (const auto &series : spec.series)
        total += series.points.size();
    std::uint64_t done = 0;
    for (const auto &series : spec.series) {
        for (const auto &point : series.points) {
            file.write(csvLine(cellsOf(series, point)));
            if (++done % 4096 != 0)
                continue;
            if (progress.isCancelled())
                return Error{ErrorKind::Cancelled, "Saving the chart was cancelled; no file was written.", {}}; // QSaveFile drops it
            progress(done, total, "writing values");
        }
    }
    if (!file.commit())
        return unwritable(file);
    return {};
}

QString chartAsText(const report::ChartSpec &spec)
{
    QString text = heads().join(QLatin1Char('\t')) + QLatin1Char('\n');
    for (const auto &series : spec.series)
        for (const auto &point : series.points)
            text += cellsOf(series, point).join(QLatin1Char('\t')) + QLatin1Char('\n');
    return text;
}

} // namespace countersign::pages
