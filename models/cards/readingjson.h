#pragma once

#include "models/base/json.h"

#include <string>
#include <string_view>
#include <vector>

/// What JSON of strangers says where a card looks for it; what has another shape says nothing.
namespace countersign::cards {

/// The text of a member, or its number as written; empty otherwise.
std::string textAt(const json::Value *object, std::string_view member);
/// A list's items as texts: texts and numbers themselves, of objects their first member of these that is a text. A single text or object is a list of one.
std::vector<std::string> textsAt(const json::Value *object, std::string_view member, const std::vector<std::string_view> &inside = {});
/// The elements of a list; none when it is no list.
const json::Array &itemsAt(const json::Value *object, std::string_view member);
const json::Value *memberAt(const json::Value *object, std::string_view member);

} // namespace countersign::cards
