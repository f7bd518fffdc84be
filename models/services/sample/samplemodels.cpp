#include "models/services/sample/samplemodels.h"

#include <algorithm>

namespace countersign::services {

namespace {

const Instant kBegin = std::chrono::sys_days(std::chrono::year(2024) / 11 / 11);

Slice group(const char *attribute, const char *value) { return Slice{{{attribute, value}}}; }

Rule limit(const char *metric, Direction direction, double edge, std::optional<double> watch, std::optional<std::int64_t> minimumN = {})
{
    Rule rule;
    rule.metric = metric;
    rule.direction = direction;
    rule.limit = edge;
    rule.watch = watch;
    rule.minimumN = minimumN;
    return rule;
}

/// On every group of an attribute.
Rule groupLimit(const char *metric, const char *attribute, double edge, double watch, std::int64_t minimumN)
{
    Rule rule = limit(metric, Direction::AtLeast, edge, watch, minimumN);
    rule.attribute = attribute;
    return rule;
}

} // namespace

const std::vector<SampleModel> &sampleModels()
{
    static const std::vector<SampleModel> models{
        {"credit-pd-retail", "Retail credit", "Retail Credit Risk", 1, "Estimates the default risk of private customers who apply for credit.",
         "Logistic regression on bureau and account data. **Not for** pricing or marketing.", {{"1", "Archived", 0}, {"2", "Archived", 20}, {"3", "Production", 52}, {"4", "Staging", 96}}, "3"},
        {"credit-limit-increase", "Retail credit", "Retail Credit Risk", 1, "Proposes higher limits for existing card customers.", "Gradient boosting, monotone in income.",
         {{"1", "Archived", 0}, {"2", "Production", 40}}, "2"},
        {"mortgage-lgd", "Retail credit", "Mortgage Risk", 1, "Estimates the loss on defaulted mortgages.", "Beta regression; retired with the portfolio's sale.", {{"1", "Archived", 0}}, ""},
        {"hr-cv-screening", "Hiring", "People Analytics", 1, "Ranks applications for a first interview.", "High risk under the EU AI Act, Annex III 4(a).",
         {{"1", "Archived", 0}, {"2", "Production", 30}}, "2"},
        {"card-fraud-realtime", "Fraud and financial crime", "Payments Fraud", 1, "Scores card payments while they are authorised.", "Answers within 40 ms.",
         {{"6", "Archived", 0}, {"7", "Production", 26}}, "7"},
        {"aml-alert-triage", "Fraud and financial crime", "Financial Crime", 1, "Orders money-laundering alerts by urgency.", "Analysts see every alert; only the order changes.",
         {{"2", "Production", 10}}, "2"},
        {"document-forgery", "Fraud and financial crime", "Onboarding", 2, "Flags altered identity documents at onboarding.", "In development; no production data yet.", {{"0.9", "None", 90}}, ""},
        {"motor-claims-severity", "Insurance pricing", "Motor Insurance", 2, "Predicts the cost of a reported motor claim.", "Gamma regression.", {{"3", "Archived", 0}, {"4", "Production", 45}}, "4"},
        {"store-demand-forecast", "Forecasting", "Supply Chain", 3, "Forecasts daily demand of each store and product.", "Refitted every quarter.", {{"11", "Archived", 0}, {"12", "Production", 50}}, "12"},
        {"energy-load-forecast", "Forecasting", "Grid Operations", 2, "Forecasts the next day's load by hour.", "Uses weather forecasts.", {{"5", "Production", 0}}, "5"},
        {"churn-early-warning", "Marketing", "Customer Analytics", 3, "Names customers who are likely to leave.", "Piloted in one region: few labelled cases.", {{"0.4", "Staging", 80}}, ""},
        {"sepsis-early-warning", "Clinical", "Clinical Decision Support", 1, "Warns of sepsis six hours ahead.", "Labels arrive four weeks late; the data feed failed in spring.",
         {{"2", "Archived", 0}, {"3", "Production", 35}}, "3"},
    };
    return models;
}

importers::Inventory sampleInventory()
{
    importers::Inventory inventory;
    inventory.description = "Sample registry";
    for (const auto &sample : sampleModels()) {
        importers::SourceModel model;
        model.name = sample.name;
        model.description = sample.description;
        model.tags = {{"owner", sample.owner}, {"risk_tier", "tier-" + std::to_string(sample.tier)}};
        if (!sample.champion.empty())
            model.aliases = {{"champion", sample.champion}};
        model.createdAt = kBegin;
        model.updatedAt = kBegin + std::chrono::days(7 * sample.versions.back().createdWeek);
        for (const auto &version : sample.versions) {
            importers::SourceVersion source;
            source.label = version.label;
            source.stage = version.stage;
            source.status = "READY";
            source.artifactUri = "s3://sample-models/" + sample.name + "/" + version.label;
            source.createdBy = "sample.developer";
            source.createdAt = source.updatedAt = kBegin + std::chrono::days(7 * version.createdWeek);
            source.runId = sample.name + "-" + version.label;
            importers::SourceRun run;
            run.id = source.runId;
            run.name = "train-" + sample.name + "-" + version.label;
            run.experiment = sample.name;
            run.status = "FINISHED";
            run.user = source.createdBy;
            run.artifactUri = source.artifactUri;
            run.parameters = {{"seed", "20241111"}, {"train_rows", std::to_string(48000 + 1000 * version.createdWeek)}};
            run.startedAt = source.createdAt - std::chrono::hours(5);
            run.endedAt = source.createdAt - std::chrono::hours(3);
            inventory.runs.push_back(std::move(run));
            model.versions.push_back(std::move(source));
        }
        inventory.models.push_back(std::move(model));
    }
    return inventory;
}

std::vector<SampleSeries> sampleSeries()
{
    std::vector<SampleSeries> all;
    const auto add = [&](SampleSeries series) { all.push_back(std::move(series)); };
    const auto groups = [&](SampleSeries series, std::initializer_list<std::pair<Slice, double>> members) {
        for (const auto &[slice, shift] : members) {
            SampleSeries one = series;
            one.slice = slice;
            one.level += shift;
            one.n *= 0.45;
            all.push_back(std::move(one));
        }
    };
    // Credit: the third version loses its edge in the second year; income drifts.
    SampleSeries credit{.model = "credit-pd-retail", .version = "2", .metric = "auc", .slice = {}, .level = 0.748, .noise = 0.006, .n = 4800, .firstWeek = 20, .lastWeek = 60};
    add(credit);
    credit.version = "3";
    credit.firstWeek = 52;
    credit.lastWeek = 104;
    credit.level = 0.752;
    credit.driftFrom = 72;
    credit.driftPerWeek = -0.0020;
    add(credit);
    groups(credit, {{group("sex", "F"), -0.004}, {group("sex", "M"), 0.003}, {group("age band", "<25"), -0.022}, {group("age band", "25-64"), 0.004}, {group("age band", "65+"), -0.010}});
    add({.model = "credit-pd-retail", .version = "3", .metric = "brier", .slice = {}, .level = 0.088, .noise = 0.0015, .n = 4800, .firstWeek = 52, .driftFrom = 72, .driftPerWeek = 0.0003});
    add({.model = "credit-pd-retail", .version = "3", .metric = "psi/income", .slice = {}, .level = 0.055, .noise = 0.008, .n = 21000, .firstWeek = 52, .driftFrom = 70, .driftPerWeek = 0.0031, .highest = 5, .hasInterval = false});
    add({.model = "credit-pd-retail", .version = "3", .metric = "disparate_impact_ratio.sex", .slice = {}, .level = 0.87, .noise = 0.012, .n = 4800, .firstWeek = 52});
    add({.model = "credit-pd-retail", .version = "4", .metric = "auc", .slice = {}, .level = 0.761, .noise = 0.006, .n = 4700, .firstWeek = 97});
    add({.model = "credit-limit-increase", .version = "2", .metric = "auc", .slice = {}, .level = 0.741, .noise = 0.007, .n = 3100, .firstWeek = 40});
    add({.model = "credit-limit-increase", .version = "2", .metric = "disparate_impact_ratio.sex", .slice = {}, .level = 0.83, .noise = 0.01, .n = 3100, .firstWeek = 40});
    add({.model = "mortgage-lgd", .version = "1", .metric = "r2", .slice = {}, .level = 0.31, .noise = 0.02, .n = 260, .lastWeek = 70, .hasInterval = false});
    // Hiring: fewer women are invited than the guideline of four fifths.
    SampleSeries hiring{.model = "hr-cv-screening", .version = "2", .metric = "selection_rate", .slice = {}, .level = 0.24, .noise = 0.012, .n = 900, .firstWeek = 30};
    add(hiring);
    groups(hiring, {{group("sex", "F"), -0.035}, {group("sex", "M"), 0.030}});
    add({.model = "hr-cv-screening", .version = "2", .metric = "disparate_impact_ratio.sex", .slice = {}, .level = 0.80, .noise = 0.014, .n = 900, .firstWeek = 30, .driftFrom = 80, .driftPerWeek = -0.0014});
    add({.model = "hr-cv-screening", .version = "2", .metric = "auc", .slice = {}, .level = 0.776, .noise = 0.010, .n = 900, .firstWeek = 30});
    add({.model = "card-fraud-realtime", .version = "6", .metric = "recall", .slice = {}, .level = 0.83, .noise = 0.008, .n = 5200, .lastWeek = 30});
    add({.model = "card-fraud-realtime", .version = "7", .metric = "recall", .slice = {}, .level = 0.872, .noise = 0.007, .n = 5400, .firstWeek = 26, .season = 0.012});
    add({.model = "card-fraud-realtime", .version = "7", .metric = "auc", .slice = {}, .level = 0.951, .noise = 0.003, .n = 5400, .firstWeek = 26});
    add({.model = "card-fraud-realtime", .version = "7", .metric = "psi/amount", .slice = {}, .level = 0.07, .noise = 0.01, .n = 180000, .firstWeek = 26, .season = 0.03, .highest = 5, .hasInterval = false});
    add({.model = "aml-alert-triage", .version = "2", .metric = "auc", .slice = {}, .level = 0.715, .noise = 0.006, .n = 2100, .firstWeek = 10});
    add({.model = "aml-alert-triage", .version = "2", .metric = "precision", .slice = {}, .level = 0.118, .noise = 0.006, .n = 2100, .firstWeek = 10});
    add({.model = "motor-claims-severity", .version = "3", .metric = "mae", .slice = {}, .level = 742, .noise = 18, .n = 1500, .lastWeek = 46, .highest = 1e6, .hasInterval = false});
    add({.model = "motor-claims-severity", .version = "4", .metric = "mae", .slice = {}, .level = 688, .noise = 16, .n = 1500, .firstWeek = 45, .season = 30, .highest = 1e6, .hasInterval = false});
    add({.model = "store-demand-forecast", .version = "11", .metric = "mape", .slice = {}, .level = 0.108, .noise = 0.004, .n = 42000, .lastWeek = 52, .season = 0.010, .hasInterval = false});
    add({.model = "store-demand-forecast", .version = "12", .metric = "mape", .slice = {}, .level = 0.094, .noise = 0.004, .n = 42000, .firstWeek = 50, .driftFrom = 85, .driftPerWeek = 0.0009, .season = 0.006, .hasInterval = false});
    add({.model = "energy-load-forecast", .version = "5", .metric = "mape", .slice = {}, .level = 0.034, .noise = 0.003, .n = 168, .season = 0.006, .hasInterval = false});
    add({.model = "churn-early-warning", .version = "0.4", .metric = "auc", .slice = {}, .level = 0.742, .noise = 0.03, .n = 140, .firstWeek = 88});
    SampleSeries sepsis{.model = "sepsis-early-warning", .version = "3", .metric = "recall", .slice = {}, .level = 0.842, .noise = 0.012, .n = 610, .firstWeek = 35, .gapFrom = 71, .gapTo = 79};
    add(sepsis);
    sepsis.metric = "auc";
    sepsis.level = 0.861;
    sepsis.noise = 0.008;
    add(sepsis);
    return all;
}

std::vector<Rule> sampleLimits()
{
    return {limit("auc", Direction::AtLeast, 0.68, 0.71, 300),
            limit("brier", Direction::AtMost, 0.10, 0.095),
            limit("psi/income", Direction::AtMost, 0.20, 0.10),
            limit("psi/amount", Direction::AtMost, 0.25, 0.15),
            limit("disparate_impact_ratio.sex", Direction::AtLeast, 0.80, 0.85),
            limit("recall", Direction::AtLeast, 0.80, 0.82, 200),
            groupLimit("recall", "age band", 0.60, 0.80, 100),
            limit("precision", Direction::AtLeast, 0.10, 0.12),
            limit("mae", Direction::AtMost, 800, 760),
            limit("mape", Direction::AtMost, 0.12, 0.10),
            limit("r2", Direction::AtLeast, 0.25, {})};
}

const std::vector<SampleSignOff> &sampleSignOffs()
{
    static const std::vector<SampleSignOff> signOffs{
        {"credit-pd-retail/3", "validator", Role::Validator, Decision::Approve, "Validated: independent validation performed", "Weekly AUC to be watched in the young age band.", true},
        {"card-fraud-realtime/7", "validator", Role::Validator, Decision::Approve, "Validated: independent validation performed", "", false},
        {"card-fraud-realtime/7", "approver", Role::Approver, Decision::Approve, "Approved: released for use as stated", "", false},
        {"energy-load-forecast/5", "validator", Role::Validator, Decision::Approve, "Validated: independent validation performed", "", false},
        {"motor-claims-severity/4", "compliance", Role::ComplianceOfficer, Decision::Approve, "Reviewed: complies with the limits in force", "", false},
        {"sepsis-early-warning/3", "validator", Role::Validator, Decision::Approve, "Validated: independent validation performed", "Eight weeks without data in spring are documented.", false},
        {"hr-cv-screening/2", "compliance", Role::ComplianceOfficer, Decision::Reject, "Rejected: not approved for use", "Fewer women are invited than the guideline allows; mitigation is required.", false},
    };
    return signOffs;
}

} // namespace countersign::services
