#pragma once

#include "models/base/bytes.h"
#include "models/base/id.h"

#include <string>
#include <string_view>

/// Bytes as words that can be read aloud in any language: two bytes are a word of five letters, consonants and vowels
/// in turn ("bamok"). The letters are few and unlike each other: b d f g h j k l m n p r s t v z with a i o u.
namespace countersign::crypto {

/// Precondition: an even number of bytes.
std::string wordsOf(BytesView bytes);
/// Case, and what stands between the words, do not matter. Invalid: other letters, or a word that is too long or short.
Result<Bytes> bytesOfWords(std::string_view words);

/// The first 128 bits of a key's id as eight words: what its owner reads out, and somebody else compares.
std::string fingerprintWords(const KeyId &key);
bool areWordsOf(std::string_view words, const KeyId &key);

} // namespace countersign::crypto
