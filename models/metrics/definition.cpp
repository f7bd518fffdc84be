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

// Definitions and ranges: Fawcett 2006 (ROC), Brier 1950, Matthews 1975, Cohen 1960, Siddiqi 2006 (PSI), Lin 1991 (Jensen-Shannon),
// Hardt et al. 2016, Feldman et al. 2015 and Speicher et al. 2018 (fairness).
constexpr std::array kKnown{
    // ranking and probabilities
    Known{"auc rocauc auroc", "AUC", Better::Higher, 0.0, 1.0, "Chance that a random positive case is ranked above a random negative one."},
    Known{"prauc auprc averageprecision", "Average precision", Better::Higher, 0.0, 1.0, "Area under the precision and recall curve, by steps."},
    Known{"gini", "Gini", Better::Higher, -1.0, 1.0, "Twice the AUC minus one."},
    Known{"ks kolmogorovsmirnov", "KS", Better::Higher, 0.0, 1.0, "Largest distance between the score distributions of positives and negatives."},
    Known{"brier brierscore", "Brier score", Better::Lower, 0.0, 1.0, "Mean squared distance between predicted probability and outcome."},
    Known{"brierskill brierskillscore", "Brier skill", Better::Higher, kNone, 1.0, "Share of the Brier score of always predicting the prevalence that is saved."},
    Known{"logloss", "Log loss", Better::Lower, 0.0, kNone, "Mean negative log likelihood of the outcome."},
    Known{"trainlogloss", "Log loss, training", Better::Lower, 0.0, kNone, "Log loss on the training data."},
    Known{"vallogloss", "Log loss, validation", Better::Lower, 0.0, kNone, "Log loss on the validation data."},
    Known{"calibrationslope", "Calibration slope", Better::NearOne, kNone, kNone, "Slope of the outcome on the log odds of the prediction; 1 is calibrated."},
    Known{"calibrationinthelarge", "Calibration in the large", Better::NearZero, -1.0, 1.0, "Mean predicted probability minus the share of positive cases."},
    Known{"ece expectedcalibrationerror", "Calibration error", Better::Lower, 0.0, 1.0, "Mean distance between predicted and observed rate over bins."},
    Known{"ecequantile", "Calibration error, equal mass", Better::Lower, 0.0, 1.0, "Mean distance between predicted and observed rate over bins that hold equally many scores of the log."},
    Known{"mce maximumcalibrationerror", "Largest calibration error", Better::Lower, 0.0, 1.0, "Largest distance between predicted and observed rate over bins."},
    // decisions
    Known{"accuracy acc", "Accuracy", Better::Higher, 0.0, 1.0, "Share of cases decided correctly."},
    Known{"errorrate err", "Error rate", Better::Lower, 0.0, 1.0, "Share of cases decided wrongly."},
    Known{"balancedaccuracy", "Balanced accuracy", Better::Higher, 0.0, 1.0, "Mean recall over the classes that occur."},
    Known{"f1 f1score", "F1", Better::Higher, 0.0, 1.0, "Harmonic mean of precision and recall."},
    Known{"f2 f2score", "F2", Better::Higher, 0.0, 1.0, "Weighted harmonic mean of precision and recall, recall counting twice."},
    Known{"f05 f0.5 f05score", "F0.5", Better::Higher, 0.0, 1.0, "Weighted harmonic mean of precision and recall, recall counting half."},
    Known{"mcc matthewscorrcoef matthewscorrelation", "MCC", Better::Higher, -1.0, 1.0, "Correlation between truth and decisions."},
    Known{"cohenkappa kappa", "Cohen's kappa", Better::Higher, -1.0, 1.0, "Agreement of truth and decisions beyond chance."},
    Known{"jaccard jaccardindex", "Jaccard index", Better::Higher, 0.0, 1.0, "Share of found positives among all that is positive in truth or decision."},
    Known{"precision ppv positivepredictivevalue", "Precision", Better::Higher, 0.0, 1.0, "Share of positive decisions that were right."},
    Known{"recall tpr sensitivity truepositiverate", "Recall", Better::Higher, 0.0, 1.0, "Share of positive cases that were found."},
    Known{"specificity tnr truenegativerate", "Specificity", Better::Higher, 0.0, 1.0, "Share of negative cases that were recognised."},
    Known{"fpr falsepositiverate", "False positive rate", Better::Lower, 0.0, 1.0, "Share of negative cases decided positive."},
    Known{"fnr falsenegativerate", "False negative rate", Better::Lower, 0.0, 1.0, "Share of positive cases that were missed."},
    Known{"fdr falsediscoveryrate", "False discovery rate", Better::Lower, 0.0, 1.0, "Share of positive decisions that were wrong."},
    Known{"for falseomissionrate", "False omission rate", Better::Lower, 0.0, 1.0, "Share of negative decisions that were wrong."},
    Known{"npv negativepredictivevalue", "Negative predictive value", Better::Higher, 0.0, 1.0, "Share of negative decisions that were right."},
    Known{"selectionrate", "Selection rate", Better::Unknown, 0.0, 1.0, "Share of cases decided positive."},
    Known{"labelledshare", "Labelled", Better::Higher, 0.0, 1.0, "Share of cases whose outcome is known by now."},
    Known{"labeldelaymedian", "Label delay, median", Better::Lower, 0.0, kNone, "Days until half of the outcomes were known."},
    Known{"labeldelayp90", "Label delay, 90 %", Better::Lower, 0.0, kNone, "Days until nine of ten outcomes were known."},
    Known{"prevalence baserate", "Prevalence", Better::Unknown, 0.0, 1.0, "Share of cases that are positive."},
    Known{"meanscore", "Mean score", Better::Unknown, kNone, kNone, "Mean of the scores."},
    // several classes
    Known{"precisionmacro", "Precision, macro", Better::Higher, 0.0, 1.0, "Mean precision over classes."},
    Known{"recallmacro", "Recall, macro", Better::Higher, 0.0, 1.0, "Mean recall over classes."},
    Known{"f1macro", "F1, macro", Better::Higher, 0.0, 1.0, "Mean F1 over classes."},
    Known{"precisionmicro", "Precision, micro", Better::Higher, 0.0, 1.0, "Precision over the decisions of all classes together."},
    Known{"recallmicro", "Recall, micro", Better::Higher, 0.0, 1.0, "Recall over the cases of all classes together."},
    Known{"f1micro", "F1, micro", Better::Higher, 0.0, 1.0, "F1 over all classes together."},
    Known{"precisionweighted", "Precision, weighted", Better::Higher, 0.0, 1.0, "Mean precision over classes, weighted by their size."},
    Known{"recallweighted", "Recall, weighted", Better::Higher, 0.0, 1.0, "Mean recall over classes, weighted by their size."},
    Known{"f1weighted", "F1, weighted", Better::Higher, 0.0, 1.0, "Mean F1 over classes, weighted by their size."},
    Known{"aucovrmacro rocaucovrmacro rocaucovr", "AUC, one against rest", Better::Higher, 0.0, 1.0, "Mean over classes of the AUC of one against the rest."},
    Known{"aucovrweighted rocaucovrweighted", "AUC, one against rest, weighted", Better::Higher, 0.0, 1.0, "The same, classes weighted by their size."},
    Known{"aucovomacro rocaucovomacro rocaucovo", "AUC, one against one", Better::Higher, 0.0, 1.0, "Mean AUC over all pairs of classes."},
    Known{"aucovoweighted rocaucovoweighted", "AUC, one against one, weighted", Better::Higher, 0.0, 1.0, "Mean AUC over all pairs of classes, pairs weighted by their size."},
    Known{"briermulticlass", "Brier score, all classes", Better::Lower, 0.0, 2.0, "Mean squared distance between predicted probabilities and outcome, summed over classes."},
    // amounts
    Known{"rmse", "RMSE", Better::Lower, 0.0, kNone, "Root of the mean squared error."},
    Known{"mae", "MAE", Better::Lower, 0.0, kNone, "Mean absolute error."},
    Known{"mape", "MAPE", Better::Lower, 0.0, kNone, "Mean absolute error relative to the actual value."},
    Known{"wape", "WAPE", Better::Lower, 0.0, kNone, "Sum of absolute errors relative to the sum of absolute actual values."},
    Known{"smape", "sMAPE", Better::Lower, 0.0, 2.0, "Mean absolute error relative to the mean of actual and predicted size."},
    Known{"meanerror bias", "Mean error", Better::NearZero, kNone, kNone, "Mean of predicted minus actual value."},
    Known{"r2", "R squared", Better::Higher, kNone, 1.0, "Share of variance explained."},
    // fairness
    Known{"demographicparitydifference", "Demographic parity difference", Better::NearZero, 0.0, 1.0, "Largest gap in selection rate between groups."},
    Known{"disparateimpactratio demographicparityratio", "Disparate impact ratio", Better::Higher, 0.0, 1.0, "Lowest selection rate of a group divided by the highest."},
    Known{"statisticalparitydifference", "Statistical parity difference", Better::NearZero, -1.0, 1.0, "Selection rate of a group minus that of the reference group."},
    Known{"disparateimpact", "Disparate impact", Better::NearOne, 0.0, kNone, "Selection rate of a group divided by that of the reference group."},
    Known{"equalopportunitydifference", "Equal opportunity difference", Better::NearZero, -1.0, 1.0, "Gap in true positive rate between groups."},
    Known{"equalopportunityratio", "Equal opportunity ratio", Better::NearOne, 0.0, kNone, "True positive rate of one group divided by another's."},
    Known{"equalizedoddsdifference", "Equalized odds difference", Better::NearZero, 0.0, 1.0, "Largest gap in true or false positive rate between groups."},
    Known{"equalizedoddsratio", "Equalized odds ratio", Better::NearOne, 0.0, 1.0, "Smallest ratio of true or false positive rates between groups."},
    Known{"equalizedodds", "Equalized odds difference, signed", Better::NearZero, -1.0, 1.0, "The larger of the gaps in true and false positive rate to the reference."},
    Known{"equalizedoddsmeandifference", "Equalized odds difference, mean", Better::NearZero, 0.0, 1.0, "Mean of the largest gaps in true and false positive rate between groups."},
    Known{"equalizedoddsmeanratio", "Equalized odds ratio, mean", Better::NearOne, 0.0, 1.0, "Mean of the smallest ratios of true and false positive rates between groups."},
    Known{"averageoddsdifference averageodds", "Average odds difference", Better::NearZero, -1.0, 1.0, "Mean of the gaps in true and false positive rate."},
    Known{"averageabsoddsdifference averageabsoluteoddsdifference averageabsoluteodds", "Average absolute odds difference", Better::NearZero, 0.0, 1.0, "Mean size of the gaps in true and false positive rate."},
    Known{"predictiveparitydifference precisiondifference", "Predictive parity difference", Better::NearZero, -1.0, 1.0, "Gap in precision between groups."},
    Known{"predictiveparityratio precisionratio", "Predictive parity ratio", Better::NearOne, 0.0, kNone, "Precision of one group divided by another's."},
    Known{"errorratedifference", "Error rate difference", Better::NearZero, -1.0, 1.0, "Gap in error rate between groups."},
    Known{"errorrateratio", "Error rate ratio", Better::NearOne, 0.0, kNone, "Error rate of one group divided by another's."},
    Known{"accuracydifference", "Accuracy difference", Better::NearZero, -1.0, 1.0, "Gap in accuracy between groups."},
    Known{"accuracyratio", "Accuracy ratio", Better::NearOne, 0.0, kNone, "Accuracy of one group divided by another's."},
    Known{"fprdifference falsepositiveratedifference", "False positive rate difference", Better::NearZero, -1.0, 1.0, "Gap in false positive rate between groups."},
    Known{"fprratio falsepositiverateratio", "False positive rate ratio", Better::NearOne, 0.0, kNone, "False positive rate of one group divided by another's."},
    Known{"fnrdifference falsenegativeratedifference", "False negative rate difference", Better::NearZero, -1.0, 1.0, "Gap in false negative rate between groups."},
    Known{"fnrratio falsenegativerateratio", "False negative rate ratio", Better::NearOne, 0.0, kNone, "False negative rate of one group divided by another's."},
    Known{"fdrdifference falsediscoveryratedifference", "False discovery rate difference", Better::NearZero, -1.0, 1.0, "Gap in false discovery rate between groups."},
    Known{"fdrratio falsediscoveryrateratio", "False discovery rate ratio", Better::NearOne, 0.0, kNone, "False discovery rate of one group divided by another's."},
    Known{"fordifference falseomissionratedifference", "False omission rate difference", Better::NearZero, -1.0, 1.0, "Gap in false omission rate between groups."},
    Known{"forratio falseomissionrateratio", "False omission rate ratio", Better::NearOne, 0.0, kNone, "False omission rate of one group divided by another's."},
    Known{"npvdifference", "Negative predictive value difference", Better::NearZero, -1.0, 1.0, "Gap in negative predictive value between groups."},
    Known{"npvratio", "Negative predictive value ratio", Better::NearOne, 0.0, kNone, "Negative predictive value of one group divided by another's."},
    Known{"specificitydifference tnrdifference", "Specificity difference", Better::NearZero, -1.0, 1.0, "Gap in specificity between groups."},
    Known{"specificityratio tnrratio", "Specificity ratio", Better::NearOne, 0.0, kNone, "Specificity of one group divided by another's."},
    Known{"theilindex theil", "Theil index", Better::Lower, 0.0, kNone, "Inequality of benefit between individuals."},
    Known{"generalizedentropyindex generalizedentropy", "Generalized entropy", Better::Lower, 0.0, kNone, "Inequality of benefit between individuals."},
    Known{"betweengrouptheilindex", "Theil index between groups", Better::Lower, 0.0, kNone, "The part of the inequality of benefit that lies between groups."},
    Known{"betweengroupgeneralizedentropyindex", "Generalized entropy between groups", Better::Lower, 0.0, kNone, "The part of the inequality of benefit that lies between groups."},
    Known{"impactratio", "Impact ratio", Better::Higher, 0.0, 1.0, "Selection or scoring rate of a category divided by the highest one (6 RCNY 5-300)."},
    Known{"scoringimpactratio", "Scoring impact ratio", Better::Higher, 0.0, 1.0, "Scoring rate of a category divided by the highest one (6 RCNY 5-300)."},
    Known{"scoringrate", "Scoring rate", Better::Unknown, 0.0, 1.0, "Share of a category scored above the median of the whole sample."},
    // drift
    Known{"psi populationstabilityindex", "PSI", Better::Lower, 0.0, kNone, "Shift of a distribution against its reference."},
    Known{"ksdrift twosampleks", "KS against reference", Better::Lower, 0.0, 1.0, "Largest distance between the current distribution and its reference."},
    Known{"wasserstein wasserstein1 wassersteindistance", "Wasserstein distance", Better::Lower, 0.0, kNone, "Mean distance by which values would have to move to match the reference."},
    Known{"jensenshannondivergence jsdivergence", "Jensen-Shannon divergence", Better::Lower, 0.0, 1.0, "Difference of two distributions in bits."},
    Known{"jensenshannondistance jsdistance", "Jensen-Shannon distance", Better::Lower, 0.0, 1.0, "Root of the Jensen-Shannon divergence in bits."},
    Known{"chisquare chi2", "Chi-square", Better::Lower, 0.0, kNone, "Pearson's statistic of the categories against the reference."},
    Known{"cramersv", "Cramer's V", Better::Lower, 0.0, 1.0, "Chi-square on a scale from 0 to 1."},
    Known{"missingrate", "Missing rate", Better::Lower, 0.0, 1.0, "Share of missing values."},
    Known{"missingratechange", "Missing rate change", Better::NearZero, -1.0, 1.0, "Share of missing values now minus in the reference."},
    Known{"missingratechangep", "Missing rate change, p", Better::Unknown, 0.0, 1.0, "How often chance alone would change the missing rate this much."},
};

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

/// "auc_difference" and "auc_ratio" of a known "auc", where the catalogue has no words of their own.
std::optional<Definition> comparisonOf(std::string_view name)
{
    const std::string whole = folded(name);
    for (const std::string_view ending : {std::string_view("difference"), std::string_view("ratio")}) {
        if (!whole.ends_with(ending))
            continue;
        const Known *known = find(whole.substr(0, whole.size() - ending.size()));
        if (!known)
            return std::nullopt;
        const std::string title(known->title);
        Definition definition;
        definition.isKnown = true;
        definition.title = title + " " + std::string(ending);
        if (ending == "ratio") {
            definition.better = Better::NearOne;
            if (known->lowest && *known->lowest >= 0)
                definition.lowest = 0.0;
            definition.meaning = title + " of one group divided by another's.";
            return definition;
        }
        definition.better = Better::NearZero;
        if (known->lowest && known->highest) {
            definition.highest = *known->highest - *known->lowest;
            definition.lowest = -*definition.highest;
        }
        definition.meaning = "Gap between groups in this: " + std::string(known->meaning);
        return definition;
    }
    return std::nullopt;
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
    if (!known) {
        const auto compared = comparisonOf(part.empty() ? key : key.substr(0, key.size() - part.size() - 1));
        if (!compared)
            return definition;
        definition = *compared;
        definition.key = key;
        definition.title += part.empty() ? "" : ", " + std::string(part);
        return definition;
    }
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
