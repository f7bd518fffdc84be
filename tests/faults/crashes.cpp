// kill -9 at random moments of a process that signs or imports.

#include "tests/faults/crashes.h"

#include "models/services/imports/imports.h"
#include "models/store/statements.h"
#include "tests/faults/signing.h"

#include <cmath>
#include <optional>

namespace countersign::faults {

namespace {

/// A fresh workspace after so many runs, so that checking everything stays quick.
constexpr int kRunsEach = 50;
constexpr int kImportsEach = 10;

} // namespace

Tally crashSignOff(const Plan &plan)
{
    Tally tally;
    std::optional<Workplace> place;
    Oracle oracle;
    microseconds usual(20'000);
    for (int run = plan.first; run < plan.end(); ++run, ++tally.runs) {
        auto chance = plan.chance(run);
        if (!place || run % kRunsEach == 0) {
            const auto name = std::to_string(run);
            auto made = Workplace::make(plan.scratch / name, (plan.scratch / (name + ".countersign")).string());
            if (!made || !made->remember()) {
                tally.fail(plan, run, made ? "nothing can be remembered" : made.error().text());
                return tally;
            }
            place = *made;
            oracle = {};
        }
        Signing signing(*place, place->bundles()->front(), 1000);
        for (auto before = chance.next() % 3 + 1; before > 0; --before)
            if (!signing.worker.readTo("S", signing.lines))
                tally.fail(plan, run,
                           "the worker ended by itself: " +
                               (signing.lines.empty() ? "" : signing.lines.back().rest(0)));
        sleepRandomly(chance, usual * 5 / 4);
        signing.worker.kill9();
        signing.worker.drain(signing.lines);
        signing.tell(oracle, tally, &usual);
        if (!holdTo(plan, run, *place, oracle, tally))
            return tally;
        sayProgress(plan, run, tally);
    }
    return tally;
}

namespace {

/// A file of metrics of a model of its own.
Status metricsFile(const std::filesystem::path &file, const std::string &model, std::int64_t rows)
{
    std::string text = "model,version,metric,value,window_end\n";
    for (std::int64_t row = 0; row < rows; ++row)
        text += model + ",1,auc,0." + std::to_string(100'000 + row) + "," +
                formatUtc(fromMillis(1'577'836'800'000 + row * 60'000)) + "\n";
    return writeFile(file, text);
}

std::int64_t rowsOf(services::Session &session, const std::string &model)
{
    store::Statements sql(session.connection());
    return sql
        .integer("SELECT count(*) FROM observation o JOIN series s ON s.id = o.series JOIN version v ON v.id = "
                 "s.version JOIN model m ON m.id = v.model WHERE m.name = ?",
                 model)
        .value_or(-1);
}

} // namespace

Tally crashImport(const Plan &plan)
{
    Tally tally;
    std::optional<Workplace> place;
    std::int64_t imports = 0;
    double microsPerRow = 10;
    for (int run = plan.first; run < plan.end(); ++run, ++tally.runs) {
        auto chance = plan.chance(run);
        const std::string name = "import" + std::to_string(run);
        if (!place || run % kImportsEach == 0) {
            auto made = Workplace::make(plan.scratch / name, (plan.scratch / (name + ".countersign")).string());
            if (!made) {
                tally.fail(plan, run, made.error().text());
                return tally;
            }
            place = *made;
            imports = 1;
        }
        // From a handful of rows to twenty thousand, in equal parts by size.
        const auto rows = static_cast<std::int64_t>(std::exp(std::log(50.0) + chance.unit() * std::log(400.0)));
        const auto file = plan.scratch / (name + ".csv");
        if (const auto written = metricsFile(file, name, rows); !written) {
            tally.fail(plan, run, written.error().text());
            return tally;
        }
        Worker worker({"import", place->folder.string(), place->address, file.string()});
        std::vector<Worker::Line> lines;
        worker.readTo("S", lines);
        sleepRandomly(
            chance, microseconds(static_cast<std::int64_t>(20'000 + microsPerRow * static_cast<double>(rows) * 1.25)));
        worker.kill9();
        bool isAcknowledged = false;
        worker.drain(lines);
        for (const auto &line : lines) {
            isAcknowledged = isAcknowledged || line.is("A");
            if (line.is("E"))
                tally.fail(plan, run, line.rest(3));
            if (line.is("A") && rows > 1000)
                microsPerRow = (microsPerRow * 3 + std::stod(line.word(3)) / static_cast<double>(rows)) / 4;
        }
        tally.acknowledged += isAcknowledged;
        auto session = reopen(plan, run, *place, tally);
        if (!session)
            return tally;
        isIntact(plan, run, *session, tally);
        const auto there = rowsOf(*session, name);
        if (there != 0 && there != rows)
            tally.fail(plan, run, std::to_string(there) + " of " + std::to_string(rows) + " rows are there");
        if (isAcknowledged && there != rows)
            ++tally.lost;
        if (!isAcknowledged)
            ++(there == rows ? tally.foundLater : tally.absentLater);
        // Once more: adds what is missing, all of it; and again: adds nothing.
        for (const std::int64_t missing : {rows - there, std::int64_t(0)}) {
            const auto again = services::importMetrics(*session, file, {});
            if (!again || again->observations != missing || again->alreadyImported.empty() != (missing > 0))
                tally.fail(plan, run,
                           "importing again: " + (again ? std::to_string(again->observations) +
                                                              " observations instead of " + std::to_string(missing)
                                                        : again.error().text()));
        }
        ++imports;
        store::Statements sql(session->connection());
        const auto recorded = sql.integer("SELECT count(*) FROM import").value_or(-1);
        if (rowsOf(*session, name) != rows || recorded != imports) {
            ++tally.doubled;
            tally.fail(plan, run,
                       std::to_string(rowsOf(*session, name)) + " rows and " + std::to_string(recorded) +
                           " imports instead of " + std::to_string(rows) + " and " + std::to_string(imports));
        }
        isIntact(plan, run, *session, tally);
        std::error_code ignored;
        std::filesystem::remove(file, ignored);
        sayProgress(plan, run, tally);
    }
    return tally;
}

} // namespace countersign::faults
