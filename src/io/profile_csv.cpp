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
#include "io/text_encoding.hpp"
#include "splitlane/error.hpp"

// Such tables hold plain numbers and device names, which RFC 4180 lets a program quote. Debian's C++ CSV libraries
// would bring number parsing that depends on the locale, and no message with line and column.
namespace splitlane {

namespace {

constexpr std::size_t kFigures = 3;

constexpr std::size_t kMostLayers = 100000;

struct Row {
  std::size_t line = 0;
  std::vector<std::string> fields;
};

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (true) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

// The fields of a line (RFC 4180, sections 2.5 to 2.7): a quoted one may hold commas, and quotes twice, but no line
// break.
std::vector<std::string> split_fields(std::string_view text, std::size_t line) {
  const auto fail = [&](std::size_t field, std::string what, std::string expected) {
    throw Error(ErrorCode::kWrongFormat, {fmt::format("line {}, field {}", line, field + 1), std::move(what),
                                          fmt::format("\"{}\"", json::shortened(text)), std::move(expected)});
  };
  std::vector<std::string> fields;
  while (true) {
    std::string& field = fields.emplace_back();
    if (!text.starts_with('"')) {
      field = text.substr(0, text.find(','));
      if (field.find('"') != std::string::npos)
        fail(fields.size() - 1, "a quote within a field", "quotes around all of it, or none");
      text.remove_prefix(field.size());
    } else {
      const std::string_view quoted = text;
      for (text.remove_prefix(1); !text.starts_with('"') || text.starts_with("\"\""); text.remove_prefix(1)) {
        if (text.empty()) {
          text = quoted;
          fail(fields.size() - 1, "a quote that is not closed", "the closing quote on the same line");
        }
        if (text.starts_with('"')) text.remove_prefix(1);
        field += text.front();
      }
      text.remove_prefix(1);
      if (!text.empty() && !text.starts_with(','))
        fail(fields.size() - 1, "something follows a closing quote", "a comma or the end of the line");
    }
    if (text.empty()) return fields;
    text.remove_prefix(1);
  }
}

// Says where a header differs, since the whole of it may look right.
void require_header(const std::vector<std::string>& found, const std::vector<std::string_view>& columns) {
  for (std::size_t column = 0; column < std::max(found.size(), columns.size()); ++column) {
    const bool is_there = column < found.size();
    const bool is_wanted = column < columns.size();
    if (is_there && is_wanted && found[column] == columns[column]) continue;
    throw Error(ErrorCode::kWrongFormat,
                {fmt::format("line 1, field {}", column + 1), "not the header of such a table",
                 is_there ? fmt::format("\"{}\"", json::shortened(found[column])) : "the end of the line",
                 fmt::format("{} of the header {}", is_wanted ? fmt::format("\"{}\"", columns[column]) : "the end",
                             fmt::join(columns, ","))});
  }
}

// The rows below the header, which must consist of these columns.
std::vector<Row> parse_rows(std::string_view bytes, const std::vector<std::string_view>& columns) {
  if (const std::string_view encoding = foreign_encoding(bytes); !encoding.empty()) {
    throw Error(ErrorCode::kWrongFormat, {"line 1", "not plain UTF-8", std::string(encoding), kPlainText});
  }
  std::vector<Row> rows;
  std::size_t line = 0;
  for (std::string_view text : lines_of(bytes)) {
    ++line;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (line == 1) {
      require_header(split_fields(text, line), columns);
      continue;
    }
    if (text.empty()) continue;
    Row row{line, split_fields(text, line)};
    if (row.fields.size() != columns.size()) {
      throw Error(ErrorCode::kWrongType, {fmt::format("line {}", line), "wrong number of fields",
                                          fmt::format("{}: \"{}\"", row.fields.size(), json::shortened(text)),
                                          fmt::format("{}", columns.size())});
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
