#include "training/measurement/power_counter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "splitlane/parse_number.hpp"
#include "training/measurement/spread.hpp"

namespace splitlane::training {

namespace {

namespace fs = std::filesystem;

std::string line_of(const fs::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  return line;
}

std::optional<std::int64_t> number_in_file(const fs::path& file) { return parse_number<std::int64_t>(line_of(file)); }

// In the order of their names; none where the folder cannot be read.
std::vector<fs::path> entries(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> paths;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    paths.push_back(at->path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Counts microjoules up to a number at which it begins again from 0.
struct EnergyZone {
  fs::path file;
  std::int64_t range = 0;
  std::int64_t last = 0;
};

class RaplCounter : public PowerCounter {
 public:
  explicit RaplCounter(std::vector<EnergyZone> zones) : zones_(std::move(zones)) {}

  void begin(double now_ms) override {
    since_ms_ = now_ms;
    for (EnergyZone& zone : zones_) zone.last = number_in_file(zone.file).value_or(zone.last);
  }
  void pass_ended(double now_ms) override {
    std::int64_t microjoules = 0;
    for (EnergyZone& zone : zones_) {
      const std::int64_t now = number_in_file(zone.file).value_or(zone.last);
      microjoules += now - zone.last + (now < zone.last ? zone.range : 0);
      zone.last = now;
    }
    microjoules_ += static_cast<double>(microjoules);
    milliseconds_ += now_ms - since_ms_;
    since_ms_ = now_ms;
  }
  std::optional<double> watts() const override {
    constexpr double microjoules_per_millijoule = 1e3;
    if (milliseconds_ <= 0 || microjoules_ <= 0) return std::nullopt;
    return microjoules_ / microjoules_per_millijoule / milliseconds_;
  }
  std::string name() const override { return fmt::format("RAPL, {} packages", zones_.size()); }

 private:
  std::vector<EnergyZone> zones_;
  double since_ms_ = 0;
  double microjoules_ = 0;
  double milliseconds_ = 0;
};

std::unique_ptr<PowerCounter> find_rapl(const fs::path& system) {
  std::vector<EnergyZone> zones;
  for (const fs::path& folder : entries(system / "class/powercap")) {
    // Packages alone: their parts, and the platform with all of them, would count twice.
    if (!line_of(folder / "name").starts_with("package-")) continue;
    const auto energy = number_in_file(folder / "energy_uj");
    if (energy)
      zones.push_back({folder / "energy_uj", number_in_file(folder / "max_energy_range_uj").value_or(0), *energy});
  }
  return zones.empty() ? nullptr : std::make_unique<RaplCounter>(std::move(zones));
}

// Of a rail: milliwatts, or millivolts and milliamperes.
struct RailFiles {
  std::string rail;
  fs::path milliwatts;
  fs::path millivolts;
  fs::path milliamperes;

  std::optional<double> watts() const {
    constexpr double thousand = 1e3;
    if (!milliwatts.empty()) {
      const auto power = number_in_file(milliwatts);
      return power ? std::optional(static_cast<double>(*power) / thousand) : std::nullopt;
    }
    const auto voltage = number_in_file(millivolts);
    const auto current = number_in_file(milliamperes);
    if (!voltage || !current) return std::nullopt;
    return static_cast<double>(*voltage) * static_cast<double>(*current) / thousand / thousand;
  }
};

class RailCounter : public PowerCounter {
 public:
  explicit RailCounter(RailFiles files) : files_(std::move(files)) {}

  void begin(double /*now_ms*/) override {}
  // The chip averages over some milliseconds, which are those of the pass that has just ended.
  void pass_ended(double /*now_ms*/) override {
    if (const auto watts = files_.watts()) samples_.push_back(*watts);
  }
  std::optional<double> watts() const override {
    return samples_.empty() ? std::nullopt : std::optional(spread_of(samples_).median);
  }
  std::string name() const override { return fmt::format("INA3221, rail {}", files_.rail); }

 private:
  RailFiles files_;
  std::vector<double> samples_;
};

// What the rails before a Jetson board's regulators are called, by the generation of the board.
constexpr std::array<std::string_view, 3> kWholeBoard = {"VDD_IN", "POM_5V_IN", "5V_IN"};
constexpr int kRailsOfAChip = 3;

bool is_whole_board(std::string_view rail) { return std::ranges::find(kWholeBoard, rail) != kWholeBoard.end(); }

std::optional<RailFiles> rail_in(const fs::path& folder) {
  for (int rail = 0; rail < kRailsOfAChip; ++rail) {
    const std::string label = line_of(folder / fmt::format("in{}_label", rail + 1));
    if (is_whole_board(label)) {
      return RailFiles{
          label, {}, folder / fmt::format("in{}_input", rail + 1), folder / fmt::format("curr{}_input", rail + 1)};
    }
    const std::string name = line_of(folder / fmt::format("rail_name_{}", rail));
    if (is_whole_board(name)) return RailFiles{name, folder / fmt::format("in_power{}_input", rail), {}, {}};
  }
  return std::nullopt;
}

std::unique_ptr<PowerCounter> find_rail(const fs::path& system) {
  for (const fs::path& chip : entries(system / "bus/i2c/devices")) {
    // Linux 5 has a folder below hwmon/, NVIDIA's older kernels one beside it.
    std::vector<fs::path> folders = entries(chip / "hwmon");
    for (const fs::path& folder : entries(chip)) {
      if (folder.filename().string().starts_with("iio:device")) folders.push_back(folder);
    }
    for (const fs::path& folder : folders) {
      const std::optional<RailFiles> rail = rail_in(folder);
      if (rail && rail->watts()) return std::make_unique<RailCounter>(*rail);
    }
  }
  return nullptr;
}

}  // namespace

std::unique_ptr<PowerCounter> find_power_counter(const fs::path& system) {
  std::unique_ptr<PowerCounter> rapl = find_rapl(system);
  return rapl != nullptr ? std::move(rapl) : find_rail(system);
}

}  // namespace splitlane::training
