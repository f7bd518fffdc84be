#include "models/metrics/figure.h"

#include <array>
#include <limits>

namespace countersign::metrics {

namespace {

struct ReasonName {
    Reason reason;
    std::string_view key;
    std::string_view text;
};

constexpr std::array kReasons{
    ReasonName{Reason::Defined, "", ""},
    ReasonName{Reason::NoRows, "no_rows", "There are no rows."},
    ReasonName{Reason::NoPositives, "no_positives", "No row is labelled positive."},
    ReasonName{Reason::NoNegatives, "no_negatives", "No row is labelled negative."},
    ReasonName{Reason::NoPredictedPositives, "no_predicted_positives", "Nothing was decided positive."},
    ReasonName{Reason::NoPredictedNegatives, "no_predicted_negatives", "Nothing was decided negative."},
    ReasonName{Reason::NothingPositive, "nothing_positive", "Nothing is positive, neither in truth nor in the decisions."},
    ReasonName{Reason::ZeroMargin, "zero_margin", "One class is missing from the truth or from the decisions."},
    ReasonName{Reason::ChanceIsCertain, "chance_is_certain", "Truth and decisions hold one and the same class only."},
    ReasonName{Reason::NotAProbability, "not_a_probability", "Some scores lie outside 0 to 1, so they are not probabilities."},
    ReasonName{Reason::TooFewRows, "too_few_rows", "There are too few rows."},
    ReasonName{Reason::ConstantTruth, "constant_truth", "The actual values do not vary."},
    ReasonName{Reason::ZeroTruth, "zero_truth", "Some actual values are 0, which a relative error divides by."},
    ReasonName{Reason::ReferenceUndefined, "reference_undefined", "The reference group has no value."},
    ReasonName{Reason::ReferenceZero, "reference_zero", "The reference group's value is 0, which a ratio divides by."},
    ReasonName{Reason::GroupUndefined, "group_undefined", "The group has no value."},
    ReasonName{Reason::TooFewGroups, "too_few_groups", "Fewer than two groups have a value and enough rows."},
    ReasonName{Reason::PartUndefined, "part_undefined", "Only one of true and false positive rate can be compared."},
    ReasonName{Reason::AllZero, "all_zero", "No group's value is above 0, so there is no ratio."},
    ReasonName{Reason::Infinite, "infinite", "The value is infinite."},
    ReasonName{Reason::OneBin, "one_bin", "The reference fills fewer than two bins."},
    ReasonName{Reason::EmptySample, "empty_sample", "The reference or the current window has no values."},
    ReasonName{Reason::OneCategory, "one_category", "There are fewer than two categories."},
    ReasonName{Reason::NoScores, "no_scores", "There are no scores."},
    ReasonName{Reason::Infeasible, "infeasible", "No choice meets the constraint."},
    ReasonName{Reason::NoRatio, "no_ratio", "Values can be negative, so that a ratio of them says nothing."},
    ReasonName{Reason::NoTest, "no_test", "There is no sound test of this difference."},
    ReasonName{Reason::ScoresRounded, "scores_rounded", "Scores were rounded to bins, and those above the median cannot be told from it."},
};

const ReasonName &named(Reason reason)
{
    const auto index = static_cast<std::size_t>(reason);
    return kReasons[index < kReasons.size() ? index : 0]; // what a file might say has no word
}

static_assert(kReasons.back().reason == Reason::ScoresRounded && kReasons.size() == static_cast<std::size_t>(Reason::ScoresRounded) + 1);

} // namespace

std::string_view reasonText(Reason reason)
{
    return named(reason).text;
}

std::string_view reasonKey(Reason reason)
{
    return named(reason).key;
}

std::string_view methodKey(IntervalMethod method)
{
    switch (method) {
    case IntervalMethod::Wilson: return "wilson";
    case IntervalMethod::WilsonTransformed: return "wilson_transformed";
    case IntervalMethod::Newcombe: return "newcombe";
    case IntervalMethod::SquareAndAdd: return "square_and_add";
    case IntervalMethod::Katz: return "katz";
    case IntervalMethod::KatzAdjusted: return "katz_adjusted";
    case IntervalMethod::MiettinenNurminen: return "miettinen_nurminen";
    case IntervalMethod::DeLong: return "delong";
    case IntervalMethod::NormalTheory: return "normal";
    case IntervalMethod::DeltaMethod: return "delta";
    case IntervalMethod::Bootstrap: return "bootstrap";
    case IntervalMethod::TukeyKramer: return "tukey_kramer";
    case IntervalMethod::Simultaneous: return "simultaneous";
    case IntervalMethod::Kolmogorov: return "kolmogorov";
    case IntervalMethod::Logit: return "logit";
    case IntervalMethod::FoldedNormal: return "folded_normal";
    case IntervalMethod::Influence: return "influence";
    }
    return "";
}

Figure Figure::of(double value, std::uint64_t n)
{
    Figure figure;
    figure.value = value;
    figure.reason = Reason::Defined;
    figure.n = n;
    return figure;
}

Figure Figure::undefined(Reason reason, std::uint64_t n)
{
    Figure figure;
    figure.value = reason == Reason::Infinite ? std::numeric_limits<double>::infinity() : 0;
    figure.reason = reason;
    figure.n = n;
    return figure;
}

} // namespace countersign::metrics
