#include "models/metrics/definition.h"

#include <array>
#include <cctype>

namespace countersign::metrics {

namespace {

struct Known {
    std::string_view names; ///< folded, separated by blanks
    std::string_view title;
    Better better;
    std::optional<double> lowest;
    std::optional<double> highest;
    std::string_view meaning;
};

constexpr std::optional<double> kNone;

// Definitions and ranges: Fawcett 2006 (ROC), Brier 1950, Siddiqi 2006 (PSI), Hardt et al. 2016 and Feldman et al. 2015 (fairness).
constexpr std::array<Known, 27> kKnown{{
    {"auc rocauc auroc", "AUC", Better::Higher, 0.0, 1.0, "Chance that a random positive case is ranked above a random negative one."},
    {"prauc auprc averageprecision", "Average precision", Better::Higher, 0.0, 1.0, "Area under the precision and recall curve."},
    {"gini", "Gini", Better::Higher, -1.0, 1.0, "Twice the AUC minus one."},
    {"ks kolmogorovsmirnov", "KS", Better::Higher, 0.0, 1.0, "Largest distance between the score distributions of positives and negatives."},
    {"accuracy acc", "Accuracy", Better::Higher, 0.0, 1.0, "Share of cases decided correctly."},
    {"f1 f1score", "F1", Better::Higher, 0.0, 1.0, "Harmonic mean of precision and recall."},
    {"precision ppv", "Precision", Better::Higher, 0.0, 1.0, "Share of positive decisions that were right."},
    {"recall tpr sensitivity truepositiverate", "Recall", Better::Higher, 0.0, 1.0, "Share of positive cases that were found."},
    {"fpr falsepositiverate", "False positive rate", Better::Lower, 0.0, 1.0, "Share of negative cases decided positive."},
    {"fnr falsenegativerate", "False negative rate", Better::Lower, 0.0, 1.0, "Share of positive cases that were missed."},
    {"brier brierscore", "Brier score", Better::Lower, 0.0, 1.0, "Mean squared distance between predicted probability and outcome."},
    {"logloss", "Log loss", Better::Lower, 0.0, kNone, "Mean negative log likelihood of the outcome."},
    {"trainlogloss", "Log loss, training", Better::Lower, 0.0, kNone, "Log loss on the training data."},
    {"vallogloss", "Log loss, validation", Better::Lower, 0.0, kNone, "Log loss on the validation data."},
    {"calibrationslope", "Calibration slope", Better::NearOne, kNone, kNone, "Slope of the outcome on the log odds of the prediction; 1 is calibrated."},
    {"ece expectedcalibrationerror", "Calibration error", Better::Lower, 0.0, 1.0, "Mean distance between predicted and observed rate over bins."},
    {"rmse", "RMSE", Better::Lower, 0.0, kNone, "Root of the mean squared error."},
    {"mae", "MAE", Better::Lower, 0.0, kNone, "Mean absolute error."},
    {"mape", "MAPE", Better::Lower, 0.0, kNone, "Mean absolute error relative to the actual value."},
    {"r2", "R squared", Better::Higher, kNone, 1.0, "Share of variance explained."},
    {"psi populationstabilityindex", "PSI", Better::Lower, 0.0, kNone, "Shift of a distribution against its reference."},
    {"demographicparitydifference", "Demographic parity difference", Better::NearZero, 0.0, 1.0, "Largest gap in selection rate between groups."},
    {"disparateimpactratio demographicparityratio", "Disparate impact ratio", Better::Higher, 0.0, 1.0, "Lowest selection rate of a group divided by the highest."},
    {"equalizedoddsdifference", "Equalized odds difference", Better::NearZero, 0.0, 1.0, "Largest gap in true or false positive rate between groups."},
    {"equalopportunitydifference", "Equal opportunity difference", Better::NearZero, -1.0, 1.0, "Gap in true positive rate between groups."},
    {"selectionrate", "Selection rate", Better::Unknown, 0.0, 1.0, "Share of cases decided positive."},
    {"missingrate", "Missing rate", Better::Lower, 0.0, 1.0, "Share of missing values."},
}};

std::string folded(std::string_view text)
{
    std::string result;
    for (const char c : text)
        if (c != '-' && c != '_' && c != ' ' && c != '/')
            result.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    return result;
}

const Known *find(const std::string &name)
{
    if (name.empty() || name.find(' ') != std::string::npos)
        return nullptr;
    const std::string padded = " " + name + " ";
    for (const auto &known : kKnown)
        if ((" " + std::string(known.names) + " ").find(padded) != std::string::npos)
            return &known;
    return nullptr;
}

} // namespace

Definition define(std::string_view key)
{
    Definition definition;
    definition.key = key;
    definition.title = key;
    const Known *known = find(folded(key));
    std::string_view part;
    if (!known) {
        const auto split = key.find_first_of("/.:");
        if (split != std::string_view::npos && split > 0) {
            known = find(folded(key.substr(0, split)));
            part = key.substr(split + 1);
        }
    }
    if (!known)
        return definition;
    definition.title = std::string(known->title) + (part.empty() ? "" : ", " + std::string(part));
    definition.better = known->better;
    definition.lowest = known->lowest;
    definition.highest = known->highest;
    definition.meaning = known->meaning;
    definition.isKnown = true;
    return definition;
}

std::string_view directionText(Better better)
{
    switch (better) {
    case Better::Higher: return "higher is better";
    case Better::Lower: return "lower is better";
    case Better::NearOne: return "near 1 is better";
    case Better::NearZero: return "near 0 is better";
    case Better::Unknown: break;
    }
    return "";
}

} // namespace countersign::metrics
