#pragma once

#include <string>
#include <string_view>

namespace countersign::text {

/// What two texts share when a person would call them the same word: compatibility-normalised, case-folded, without accents
/// ("Ürün-Modèle" → "urun-modele"). For filters and alphabetical order, never for identity. Ill-formed text gives itself.
std::string searchKey(std::string_view utf8);

} // namespace countersign::text
