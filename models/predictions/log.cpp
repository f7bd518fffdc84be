#include "models/predictions/log.h"

namespace countersign::predictions {

std::uint64_t Chunk::bytes() const
{
    std::uint64_t bytes = hours.size() * sizeof(std::int32_t);
    for (const auto &column : numbers)
        bytes += column.size() * sizeof(double);
    for (const auto &column : codes)
        bytes += std::visit([](const auto &own) { return own.size() * sizeof(own[0]); }, column);
    return bytes;
}

std::uint64_t PredictionLog::rowsTaken() const
{
    std::uint64_t rows = 0;
    for (const auto &chunk : chunks)
        rows += chunk.rows;
    return rows;
}

std::uint32_t PredictionLog::code(const Chunk &chunk, int column, std::size_t row) const
{
    const auto index = static_cast<std::size_t>(column);
    const auto dictionary = static_cast<std::size_t>(schema.codeDictionary[index]);
    const std::uint32_t local = std::visit([row](const auto &codes) { return static_cast<std::uint32_t>(codes[row]); }, chunk.codes[index]);
    return localToGlobal[chunk.dictionaries][dictionary][local];
}

const std::string &PredictionLog::text(const Chunk &chunk, int column, std::size_t row) const
{
    const auto dictionary = static_cast<std::size_t>(schema.codeDictionary[static_cast<std::size_t>(column)]);
    return dictionaries[dictionary][code(chunk, column, row)];
}

} // namespace countersign::predictions
