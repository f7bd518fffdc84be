#include "models/importers/rejectedrows.h"

#include "models/base/csv.h"

namespace countersign::importers {

std::string rejectedCsvHead()
{
    return "row,line,column,reason,text\r\n";
}

std::string rejectedCsvLine(const RejectedRow &row)
{
    return std::to_string(row.row) + "," + std::to_string(row.line) + "," + csv::cell(row.column) + "," + csv::cell(row.reason) + "," + csv::cell(row.text) + "\r\n";
}

} // namespace countersign::importers
