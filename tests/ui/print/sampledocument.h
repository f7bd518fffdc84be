#pragma once

#include "models/report/document.h"

#include <chrono>
#include <cmath>

/// A report with every kind of block, for the tests of ui/print. Names and numbers are made up.
namespace countersign::testing {

inline Instant sampleMonth(int number)
{
    const std::chrono::year_month_day first = std::chrono::year(2025) / 5 / 1;
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::sys_days(first + std::chrono::months(number)));
}

inline report::ChartSpec sampleChart()
{
    report::ChartSpec spec;
    spec.id = "auc";
    spec.title = "The lower bound of AUC has been below the limit since February 2026";
    spec.yTitle = "AUC, higher is better";
    report::ChartSeries production{"v3.1 production", "v3.1", report::SeriesRole::Main, "95 % DeLong interval", {}};
    report::ChartSeries shadow{"v3.2 shadow", "v3.2", report::SeriesRole::Main, "95 % DeLong interval", {}};
    for (int i = 0; i < 12; ++i) {
        for (auto *series : {&production, &shadow}) {
            report::ChartPoint point;
            point.time = sampleMonth(i);
            if (i != 7) {
                const bool isNew = series == &shadow;
                point.value = isNew ? 0.742 - 0.0045 * i : 0.746 + 0.003 * std::sin(i);
                point.lower = point.value - 0.012;
                point.upper = point.value + 0.012;
                point.n = 4800 + i * 10;
                point.isBreach = isNew && *point.lower < 0.70 && i >= 9;
            }
            series->points.push_back(point);
        }
    }
    spec.series = {production, shadow};
    spec.limits = {{sampleMonth(-1), 0.70, {}, "limit: at least .70 on the lower bound"}};
    spec.breachName = "lower bound below limit";
    return spec;
}

inline report::Table sampleTargets()
{
    using enum report::ColumnKind;
    using report::Mark;
    report::Table table;
    table.caption = "Targets and actual values, April 2026";
    table.columns = {{"Rule", Text, 1}, {"Value", Number}, {"95 % interval", Number}, {"n", Number}, {"State", State}};
    table.rows = {{{"AUC, lower bound, at least .700"}, {".693"}, {"[.681, .705]"}, {"4,812"}, {"Fail", Mark::Fail}},
                  {{"Brier score, at most .095"}, {".089"}, {"[.086, .092]"}, {"4,812"}, {"Pass", Mark::Pass}},
                  {{"TPR ratio, every age band, at least .80"}, {".82"}, {"[.76, .88]"}, {"1,204"}, {"Watch", Mark::Watch}},
                  {{"PSI of any feature, at most .20"}, {".24"}, {}, {"41,208"}, {"Waived until 19 May", Mark::Waived}},
                  {{"AUC, new customers, needs n 500"}, {}, {}, {"212"}, {"Not enough data", Mark::NotEnoughData}}};
    return table;
}

inline report::Document sampleDocument(int auditRows = 150)
{
    using namespace report;
    Document document;
    document.meta.title = "credit-pd 3.2 – model audit";
    document.meta.author = "Northern Example Bank";
    document.meta.subject = "Model audit report R-0188";
    document.meta.headerLeft = "Northern Example Bank · Confidential";
    document.meta.headerRight = "credit-pd 3.2 · Model audit";
    document.meta.footerLeft = "R-0188 · generated 14 May 2026 09:20:04 UTC · checkpoint 4be1 90ac 77d2";
    document.meta.watermark = "SAMPLE";
    document.meta.createdAt = parseUtc("2026-05-14T09:20:04.000Z").value();

    Cover cover;
    cover.kind = "Model audit report";
    cover.title = "credit-pd";
    cover.subtitle = "Version 3.2 (challenger) · Retail credit · Tier 1";
    cover.verdict = Mark::Fail;
    cover.verdictTitle = "Not releasable.";
    cover.verdictSentence = "1 of 14 rules fails, 1 is waived for 5 more days, and the validator’s signature no longer covers the inputs.";
    cover.facts = {{"Period examined", "1 May 2024 to 30 April 2026, monthly windows, UTC"}, {"Audience", "Regulator; 3 items redacted, listed on page 3"},
                   {"Decision asked for", "Release on 1 June 2026, or return to development"}, {"Policy", "P-7 Credit models, version 3, in force since 1 January 2026"},
                   {"Owner, developer", "J. Lim, P. Roy"}, {"Validator, approver", ""}, {"Report", "R-0188, template Model audit 6, replaces R-0171"}};
    cover.notedTitle = "What a reader should know first";
    cover.noted = {{Mark::Fail, "Ranking of risk fell: AUC .693 [.681, .705], the lower bound must reach .700", "section 2"},
                   {Mark::Watch, "Customers of 65 and over are found less often: TPR ratio .82, limit .80", "section 2"},
                   {Mark::Waived, "Income data has shifted: PSI .24, waived until 19 May under W-12", "section 2"},
                   {Mark::Stale, "“Validated” of 3 February is stale: 4 metrics and 1 document changed", "section 3"}};
    cover.checkTitle = "Check this report without trusting the sender";
    cover.checkText = "Drop this PDF on Countersign, Verify a Report. Expected words: “R-0188 is unchanged and is entry 12,412 of the ledger with "
                      "fingerprint 3F7A 11C0 92D4.” Compare the fingerprint with the one you hold on paper.";
    cover.qrText = "csgn:R-0188:4be190ac77d2:12412";
    document.add(cover);

    document.add(Heading{1, "Contents and gaps"});
    document.add(Contents{"Contents", 2});
    document.add(Heading{1, "Performance"});
    document.add(FindingLine{"The lower bound of AUC has been below the limit since February 2026"}).isChanged = true;
    document.add(Paragraph{"The lower 95 % bound must be at least .700 (P-7 v3, R-4). It was .681 in April, from 4,812 labelled cases with 611 defaults. "
                           "The earlier version 3.1 met the limit in every month."}).isChanged = true;
    document.add(Chart{sampleChart(), "AUC by month with 95 % DeLong interval; hatched: below the limit. Data in table 2.1 and attachment tables.csv."});
    document.add(sampleTargets());
    document.add(Heading{2, "Method"});
    document.add(Note{"DeLong interval for AUC, Wilson for rates, 90-day windows, seed 20260414. Definitions in annex A."});
    document.add(Heading{1, "Sign-offs"});
    SignatureBlock signature;
    signature.mark = Mark::Stale;
    signature.stateToday = "Signed electronically, now stale";
    signature.name = "Adaeze Obi (aobi), Validator, Model Risk; on behalf of nobody";
    signature.meaning = "VALIDATED: independent validation performed. Conditions C-3, C-4";
    signature.signedAt = parseUtc("2026-02-03T10:17:22.000Z").value();
    signature.utcOffsetMinutes = 60;
    signature.zoneName = "CET";
    signature.clock = "database clock";
    signature.bundleDigest = "sha256 51d0 0f3a 88be …";
    signature.ledgerNumber = "11,902";
    signature.keyFingerprint = "ed25519 3F7A 11C0";
    signature.staleReasons = {"4 metrics and 1 document changed; difference in section 3"};
    document.add(signature);
    document.add(Heading{1, "Audit trail excerpt"});
    Table trail;
    trail.caption = "Events since the last report";
    trail.columns = {{"No.", ColumnKind::Number}, {"UTC", ColumnKind::Text}, {"Who", ColumnKind::Text}, {"Act and object", ColumnKind::Text, 1}, {"Hash", ColumnKind::Mono}};
    for (int i = 0; i < auditRows; ++i) {
        trail.rows.push_back({{std::to_string(12000 + i)}, {"2026-04-" + std::to_string(10 + i % 20) + " 09:1" + std::to_string(i % 10)}, {"A. Obi"},
                              {i % 9 == 0 ? "Metrics computed for credit-pd 3.2 from a log of 4.3 million predictions, which takes more than one line in this table"
                                          : "Comment on finding F-" + std::to_string(200 + i)},
                              {"9f2c77ab"}});
    }
    document.add(trail);
    return document;
}

} // namespace countersign::testing
