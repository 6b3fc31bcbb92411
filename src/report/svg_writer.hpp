#pragma once

#include <string>
#include <string_view>

namespace splitlane::report {

/// Rectangle in pixels; y grows downwards.
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
  double middle() const { return y + height / 2; }
};

/// `text` for XML content and attribute values; expects what `printable` gives.
std::string xml_escaped(std::string_view text);

/// One coordinate, at most two decimals, independent of the locale.
std::string coordinate(double value);

/// Appends SVG elements to one string. `attributes` are written as they are; texts and tooltips are escaped.
class SvgWriter {
 public:
  void rectangle(const Box& box, std::string_view attributes, std::string_view tooltip = {});
  void line(double x1, double y1, double x2, double y2, std::string_view attributes);
  void path(std::string_view commands, std::string_view attributes);
  void circle(double x, double y, double radius, std::string_view attributes);
  void text(double x, double y, std::string_view attributes, std::string_view content);
  /// Text turned to read upwards, centred on (x, y).
  void upright_text(double x, double y, std::string_view attributes, std::string_view content);
  /// Every element until `close_group` belongs to the group, whose tooltip it shows.
  void open_group(std::string_view attributes, std::string_view tooltip = {});
  void close_group();

  /// The whole document around the elements so far; `definitions` is raw SVG (styles, patterns).
  std::string document(double width, double height, std::string_view title, std::string_view definitions) const;
  /// The same as an element of a page.
  std::string element(double width, double height, std::string_view title, std::string_view definitions) const;

 private:
  std::string body_;
};

}  // namespace splitlane::report
