#include "splitlane/io/profile_csv.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "io/json_text.hpp"
#include "splitlane/error.hpp"

// Such tables hold plain numbers and device names, never a quote or a comma within a field; Debian's C++ CSV libraries
// would bring quoting rules and number parsing that depends on the locale, and no message with line and column.
namespace splitlane {

namespace {

constexpr std::size_t kFigures = 3;

constexpr std::size_t kMostLayers = 100000;

struct Row {
  std::size_t line = 0;
  std::vector<std::string_view> fields;
};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// The rows below the header, which must consist of these columns.
std::vector<Row> parse_rows(std::string_view bytes, const std::vector<std::string_view>& columns) {
  std::vector<Row> rows;
  std::size_t line = 0;
  for (std::string_view text : split(bytes, '\n')) {
    ++line;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (line == 1) {
      if (split(text, ',') == columns) continue;
      throw Error(ErrorCode::kWrongFormat,
                  {"line 1", "not the header of such a table", fmt::format("\"{}\"", json::shortened(text)),
                   fmt::format("\"{}\"", fmt::join(columns, ","))});
    }
    if (text.empty()) continue;
    Row row{line, split(text, ',')};
    if (row.fields.size() != columns.size()) {
      throw Error(ErrorCode::kWrongType, {fmt::format("line {}", line), "wrong number of fields",
                                          fmt::format("{}", row.fields.size()), fmt::format("{}", columns.size())});
    }
    rows.push_back(std::move(row));
  }
  if (rows.empty()) throw Error(ErrorCode::kEmpty, {"line 2", "no row", "the end of the file", "a row for each layer"});
  return rows;
}

double parse_figure(const Row& row, std::size_t column, std::string_view name) {
  const std::string_view text = row.fields[column];
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size() && !text.empty();
  if (is_number && std::isfinite(value) && value >= 0) return value;
  throw Error(is_number ? ErrorCode::kOutOfRange : ErrorCode::kWrongType,
              {fmt::format("line {}, {}", row.line, name), "not such a figure",
               fmt::format("\"{}\"", json::shortened(text)), "a number, 0 or more"});
}

std::size_t parse_layer(const Row& row, std::size_t column) {
  const std::string_view text = row.fields[column];
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= 1 && value <= kMostLayers) return value;
  throw Error(ErrorCode::kWrongType,
              {fmt::format("line {}, layer", row.line), "not a layer", fmt::format("\"{}\"", json::shortened(text)),
               fmt::format("an integer from 1 to {}", kMostLayers)});
}

// Columns that fill up layer by layer, in any order.
class LayerTable {
 public:
  explicit LayerTable(std::size_t columns) : columns_(columns) {}

  void set(const Row& row, std::size_t layer, const std::vector<double>& values) {
    if (line_of_.size() < layer) line_of_.resize(layer, 0);
    if (line_of_[layer - 1] != 0) {
      throw Error(ErrorCode::kDuplicateKey,
                  {fmt::format("line {}", row.line), "the same layer twice", fmt::format("{}", layer),
                   fmt::format("a layer other than that of line {}", line_of_[layer - 1])});
    }
    line_of_[layer - 1] = row.line;
    for (std::size_t column = 0; column < values.size(); ++column) {
      columns_[column].resize(line_of_.size(), 0);
      columns_[column][layer - 1] = values[column];
    }
  }

  std::vector<double> take(std::size_t column, const std::string& where) {
    const auto missing = std::find(line_of_.begin(), line_of_.end(), 0U);
    if (missing != line_of_.end()) {
      throw Error(ErrorCode::kMissingKey, {where, "a layer is missing", fmt::format("{} layers", line_of_.size()),
                                           fmt::format("a row for layer {}", missing - line_of_.begin() + 1)});
    }
    return std::move(columns_[column]);
  }

 private:
  std::vector<std::vector<double>> columns_;
  std::vector<std::size_t> line_of_;
};

}  // namespace

std::vector<MeasuredTimes> parse_times_csv(std::string_view bytes) {
  const std::vector<std::string_view> columns = {"device", "layer", "forward_ms", "backward_ms", "update_ms"};
  std::vector<std::string> devices;
  std::vector<LayerTable> tables;
  for (const Row& row : parse_rows(bytes, columns)) {
    const std::string_view device = row.fields[0];
    if (device.empty() || json::first_invalid_utf8(device) != device.size()) {
      throw Error(ErrorCode::kWrongType,
                  {fmt::format("line {}, device", row.line), "not a name", json::shortened(device), "text in UTF-8"});
    }
    const auto found = std::find(devices.begin(), devices.end(), device);
    const auto position = static_cast<std::size_t>(found - devices.begin());
    if (found == devices.end()) {
      devices.emplace_back(device);
      tables.emplace_back(kFigures);
    }
    tables[position].set(
        row, parse_layer(row, 1),
        {parse_figure(row, 2, columns[2]), parse_figure(row, 3, columns[3]), parse_figure(row, 4, columns[4])});
  }
  std::vector<MeasuredTimes> result;
  for (std::size_t position = 0; position < devices.size(); ++position) {
    const std::string where = fmt::format("device \"{}\"", devices[position]);
    LayerTable& table = tables[position];
    result.push_back({devices[position], table.take(0, where), table.take(1, where), table.take(2, where)});
  }
  return result;
}

MeasuredSizes parse_sizes_csv(std::string_view bytes) {
  const std::vector<std::string_view> columns = {"layer", "activations_kb", "weights_kb"};
  LayerTable table(2);
  for (const Row& row : parse_rows(bytes, columns)) {
    table.set(row, parse_layer(row, 0), {parse_figure(row, 1, columns[1]), parse_figure(row, 2, columns[2])});
  }
  return {table.take(0, "the table"), table.take(1, "the table")};
}

}  // namespace splitlane
