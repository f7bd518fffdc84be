#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// One computed number as the rest of the program sees it: a value with the rows behind it and its uncertainty,
/// or no value and the reason. "Undefined" is never a NaN and never a zero that somebody could mistake for a result.
namespace countersign::metrics {

/// Why a figure has no value. `Defined` means that it has one.
enum class Reason : std::uint8_t {
    Defined,
    NoRows,               ///< nothing to measure
    NoPositives,          ///< no row is labelled positive
    NoNegatives,          ///< no row is labelled negative
    NoPredictedPositives, ///< nothing was decided positive
    NoPredictedNegatives, ///< nothing was decided negative
    NothingPositive,      ///< no positive label and no positive decision (F1, Jaccard)
    ZeroMargin,           ///< a margin of the confusion matrix is zero (MCC)
    ChanceIsCertain,      ///< agreement expected by chance is 1 (kappa)
    NotAProbability,      ///< a score lies outside [0, 1]
    TooFewRows,           ///< fewer rows than the statistic needs
    ConstantTruth,        ///< the actual values do not vary (R squared)
    ZeroTruth,            ///< an actual value is 0 (MAPE); `excluded` of the figure counts them
    ReferenceUndefined,   ///< the reference group has no value of its own
    ReferenceZero,        ///< division by a reference value of 0
    GroupUndefined,       ///< the compared group has no value of its own
    TooFewGroups,         ///< fewer than two groups have a value and enough rows
    PartUndefined,        ///< one of the two parts (TPR, FPR) has no value
    AllZero,              ///< every group's value is 0, the ratio is 0/0
    Infinite,             ///< the formula diverges; `value` is +infinity
    OneBin,               ///< the reference fills fewer than two bins (PSI)
    EmptySample,          ///< reference or current has no value
    OneCategory,          ///< fewer than two categories (chi-square)
    NoScores,             ///< no score column
    Infeasible,           ///< no choice meets the constraint
    NoRatio,              ///< values can be negative, so that a ratio of them says nothing
    NoTest,               ///< there is no sound test of this difference
    ScoresRounded,        ///< scores were rounded to bins, and one of them could hold everybody that would count
};

/// One English sentence for a person; "" for Defined.
std::string_view reasonText(Reason reason);
/// The word used in files: "no_positives"; "" for Defined.
std::string_view reasonKey(Reason reason);

enum class IntervalMethod : std::uint8_t {
    Wilson,            ///< proportion; Wilson 1927
    WilsonTransformed, ///< Wilson on a proportion of which the metric is a monotone function (F1 on Jaccard)
    Newcombe,          ///< difference of two proportions; Newcombe 1998, method 10
    SquareAndAdd,      ///< mean of two proportions from their Wilson limits; Zou and Donner 2008
    Katz,              ///< log ratio; Katz et al. 1978
    KatzAdjusted,      ///< the same with 0.5 added to every count; Walter 1975
    MiettinenNurminen, ///< score interval; Miettinen and Nurminen 1985
    DeLong,            ///< AUC; DeLong et al. 1988
    NormalTheory,      ///< mean +- z standard errors
    DeltaMethod,       ///< first-order variance of a function of multinomial counts
    Bootstrap,         ///< limits that hold for all pairs of groups at once, by seeded redraws of the counts (bootstrap.h)
    TukeyKramer,       ///< the same from standard errors, by the studentized range; Kramer 1956, Hayter 1984
    Simultaneous,      ///< limits that hold for several values at once; Šidák 1967
    Kolmogorov,        ///< KS: lower limit by Kolmogorov's band, upper one by the largest binomial variance (ranking.h)
    Logit,             ///< average precision on the logit scale; Boyd, Eng and Page 2013
    FoldedNormal,      ///< calibration error: a sum of absolute values whose errors are normal (calibration.h)
    Influence,         ///< variance of the influence of each row (infinitesimal jackknife; Hampel 1974)
};

/// "wilson", "newcombe", … as written to files.
std::string_view methodKey(IntervalMethod method);

struct Interval {
    double lower = 0;
    double upper = 0;
    double level = 0.95;
    IntervalMethod method = IntervalMethod::Wilson;

    bool operator==(const Interval &) const = default;
};

struct Figure {
    double value = 0;                 ///< meaningful when isDefined(); +infinity with Reason::Infinite; else 0
    Reason reason = Reason::NoRows;
    std::uint64_t n = 0;              ///< unweighted rows looked at, rows of weight zero not counted
    double part = 0;                  ///< weighted numerator when the figure is a share, else 0
    double whole = 0;                 ///< weighted denominator when the figure is a share, else 0
    std::uint64_t excluded = 0;       ///< what was left out: groups (over groups), rows with zero truth (MAPE), …
    std::optional<double> at;         ///< where it was found: the threshold of KS, the p-value's df, …; said by the function
    std::optional<Interval> interval;

    bool isDefined() const { return reason == Reason::Defined; }
    static Figure of(double value, std::uint64_t n);
    static Figure undefined(Reason reason, std::uint64_t n = 0);

    bool operator==(const Figure &) const = default;
};

/// Whose edge conventions to follow.
///   Countersign  undefined stays undefined
///   Fairlearn    0/0 is 0 (rates, MCC, kappa as in scikit-learn), every group takes part however small
///   Aif360       0/0 is 0 for precision, FDR, NPV and FOR, undefined for the rest; x/0 is infinite
enum class Convention : std::uint8_t { Countersign, Fairlearn, Aif360 };

struct Options {
    Convention convention = Convention::Countersign;
    double level = 0.95;    ///< of intervals, in (0, 1)
    bool intervals = true;  ///< false: values only

    bool operator==(const Options &) const = default;
};

} // namespace countersign::metrics
