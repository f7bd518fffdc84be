#include "ui/theme/type.h"

#include <QFontMetricsF>
#include <algorithm>

namespace countersign::theme {

namespace {

double g_textScale = 1.0; // a person's wish, set once at start and from the settings page

struct Spec {
    double points;
    QFont::Weight weight;
};

Spec specOf(Type type)
{
    switch (type) {
    case Type::Product: return {20, QFont::DemiBold};
    case Type::PageTitle: return {15, QFont::DemiBold};
    case Type::SigningSentence: return {11, QFont::Normal};
    case Type::CardTitle: return {10.5, QFont::DemiBold};
    case Type::Body: return {10, QFont::Normal};
    case Type::Strong: return {10, QFont::Medium};
    case Type::StrongSelected: return {10, QFont::DemiBold};
    case Type::Secondary: return {9.5, QFont::Normal};
    case Type::TableHead: return {9, QFont::Medium};
    case Type::Axis: return {9, QFont::Normal};
    case Type::Mono: return {9, QFont::Normal};
    case Type::Small: return {8.5, QFont::Medium};
    }
    return {10, QFont::Normal};
}

} // namespace

QStringList sansFamilies()
{
    return {QStringLiteral("CsSans"), QStringLiteral("Liberation Sans"), QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans")};
}

QStringList monoFamilies()
{
    return {QStringLiteral("CsMono"), QStringLiteral("Liberation Mono"), QStringLiteral("DejaVu Sans Mono")};
}

QFont font(Type type, QFont::Weight weight)
{
    QFont result;
    result.setFamilies(type == Type::Mono ? monoFamilies() : sansFamilies());
    result.setPointSizeF(specOf(type).points * g_textScale);
    result.setWeight(weight);
    result.setHintingPreference(QFont::PreferNoHinting);
    return result;
}

QFont font(Type type)
{
    return font(type, specOf(type).weight);
}

void setTextScale(double factor)
{
    g_textScale = std::clamp(factor, 0.8, 3.0);
}

double textScale()
{
    return g_textScale;
}

int scaled(int pixels)
{
    return g_textScale == 1.0 ? pixels : qRound(pixels * g_textScale);
}

} // namespace countersign::theme
