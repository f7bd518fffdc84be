#pragma once

#include "models/base/time.h"

#include <QString>

#include <string>
#include <string_view>

/// How cells write what the record holds.
namespace countersign::items {

/// Text from outside on one line; what cannot be seen is shown as its escape.
QString oneLine(std::string_view text);
/// The same with its line breaks: what a person wrote, as it was signed.
QString withLines(std::string_view text);
/// The text on one line, cut in the middle where it is longer than `most` characters: of a path the beginning and the file's name stay.
QString inMiddle(std::string_view text, qsizetype most = 48);
/// "14 May 2026 09:02 UTC": the record's own time, the same on every computer.
QString utcTime(Instant at);
/// "14 May 2026", of the UTC day.
QString utcDate(Instant at);
/// What people call a field that a change names ("useCase" is "Use case"); other names as they are.
QString fieldTitle(std::string_view field);

} // namespace countersign::items
