#pragma once

#include "models/base/progress.h"
#include "models/base/result.h"

#include <memory>
#include <string>
#include <vector>

namespace countersign::predictions {

/// A Parquet file as comma-separated text with a header, made by DuckDB chunk by chunk: the readers then need not know of Parquet.
/// Numbers are written in their shortest form, which reads back as the same bits; times in ISO 8601 UTC; NULL as an empty cell; texts with
/// delimiters, quotes, line ends or outer spaces in quotes, so that they arrive as they are. Columns of lists and structures are left out.
class ParquetText
{
public:
    /// The descriptor is borrowed; it stays open for as long as this is used. Its own place in the file is not moved.
    /// Unsupported: DuckDB's library is missing. Io, Invalid: what DuckDB says of the file, or no column that could be read.
    static Result<ParquetText> open(int descriptor);

    ParquetText(ParquetText &&) noexcept;
    ParquetText &operator=(ParquetText &&) noexcept;
    ~ParquetText();

    /// Up to `room` bytes; 0 only at the end.
    Result<std::size_t> read(char *to, std::size_t room, const Progress &progress);
    double share() const; ///< of the rows, that are read: 0 to 1
    const std::vector<std::string> &leftOut() const; ///< columns, by name

private:
    struct Private;
    explicit ParquetText(std::unique_ptr<Private> data);
    std::unique_ptr<Private> d;
};

/// Whether a file begins as Parquet does.
bool isParquet(std::string_view head);

} // namespace countersign::predictions
