#pragma once

#include "models/base/result.h"
#include "models/cards/modelcard.h"

#include <string>
#include <string_view>

namespace countersign::cards {

/// A README with front matter: what its YAML says, and the Markdown behind it as the overview, unread. Members that are not known, or have another shape, say
/// nothing. Invalid: no front matter, or YAML that is refused, with the line in the file.
Result<ModelCard> readHuggingFace(std::string_view readme);

/// Front matter and Markdown. Texts stay texts: in YAML they are quoted, in Markdown what would mean something is preceded by a backslash; characters that cannot
/// be seen are written as escapes.
std::string huggingFaceText(const ModelCard &card);

} // namespace countersign::cards
