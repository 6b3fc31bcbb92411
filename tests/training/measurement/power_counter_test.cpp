#include "training/measurement/power_counter.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace splitlane::training {
namespace {

namespace fs = std::filesystem;

/// A folder in the place of /sys.
class SystemFolder {
 public:
  SystemFolder() {
    std::string name = (fs::temp_directory_path() / "splitlane-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~SystemFolder() { fs::remove_all(path_); }
  SystemFolder(const SystemFolder&) = delete;
  SystemFolder& operator=(const SystemFolder&) = delete;

  void write(const fs::path& file, std::string_view text) const {
    fs::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file) << text << "\n";
  }
  void add_zone(const std::string& zone, std::string_view name, std::string_view energy) const {
    write("class/powercap/" + zone + "/name", name);
    write("class/powercap/" + zone + "/energy_uj", energy);
    write("class/powercap/" + zone + "/max_energy_range_uj", "1000000");
  }
  std::unique_ptr<PowerCounter> counter() const { return find_power_counter(path_); }

 private:
  fs::path path_;
};

TEST(PowerCounterTest, AMachineWithoutCountersHasNone) {
  const SystemFolder system;
  EXPECT_EQ(system.counter(), nullptr);
  system.write("class/powercap/intel-rapl:0/name", "package-0");  // its energy may not be read
  system.write("bus/i2c/devices/1-0040/hwmon/hwmon1/in1_label", "VDD_GPU");
  EXPECT_EQ(system.counter(), nullptr);
}

TEST(PowerCounterTest, RaplsPackagesAddUpOverTheTimeOfComputing) {
  const SystemFolder system;
  system.add_zone("intel-rapl:0", "package-0", "100000");
  system.add_zone("intel-rapl:0:0", "core", "0");
  system.add_zone("intel-rapl:1", "package-1", "0");
  system.add_zone("intel-rapl:2", "psys", "0");
  const auto counter = system.counter();
  ASSERT_NE(counter, nullptr);
  EXPECT_EQ(counter->name(), "RAPL, 2 packages");
  EXPECT_FALSE(counter->watts().has_value());
  counter->begin(1000);
  system.add_zone("intel-rapl:0", "package-0", "400000");
  system.add_zone("intel-rapl:0:0", "core", "250000");
  system.add_zone("intel-rapl:1", "package-1", "100000");
  system.add_zone("intel-rapl:2", "psys", "900000");
  counter->pass_ended(1020);
  // 0.3 J and 0.1 J in 20 ms.
  EXPECT_DOUBLE_EQ(counter->watts().value(), 20);
  // What is drawn between a pass and the next beginning does not count.
  system.add_zone("intel-rapl:0", "package-0", "900000");
  counter->begin(5000);
  counter->pass_ended(5020);
  EXPECT_DOUBLE_EQ(counter->watts().value(), 10);
}

TEST(PowerCounterTest, RaplsCounterMayBeginAgain) {
  const SystemFolder system;
  system.add_zone("intel-rapl:0", "package-0", "950000");
  const auto counter = system.counter();
  counter->begin(0);
  system.add_zone("intel-rapl:0", "package-0", "50000");
  counter->pass_ended(10);
  // 0.05 J up to the end of the range of 1 J, and 0.05 J from 0 on, in 10 ms.
  EXPECT_DOUBLE_EQ(counter->watts().value(), 10);
}

TEST(PowerCounterTest, AJetsonsPowerIsThatOfItsInputRail) {
  const SystemFolder system;
  system.write("bus/i2c/devices/1-0040/hwmon/hwmon3/in1_label", "VDD_GPU_SOC");
  system.write("bus/i2c/devices/1-0040/hwmon/hwmon3/in1_input", "5000");
  system.write("bus/i2c/devices/1-0040/hwmon/hwmon3/curr1_input", "100");
  system.write("bus/i2c/devices/1-0040/hwmon/hwmon3/in2_label", "VDD_IN");
  system.write("bus/i2c/devices/1-0040/hwmon/hwmon3/in2_input", "5000");
  system.write("bus/i2c/devices/1-0040/hwmon/hwmon3/curr2_input", "1000");
  const auto counter = system.counter();
  ASSERT_NE(counter, nullptr);
  EXPECT_EQ(counter->name(), "INA3221, rail VDD_IN");
  for (const char* current : {"1000", "2000", "1800"}) {
    system.write("bus/i2c/devices/1-0040/hwmon/hwmon3/curr2_input", current);
    counter->pass_ended(0);
  }
  // The median of 1 A, 2 A and 1.8 A, at 5 V.
  EXPECT_DOUBLE_EQ(counter->watts().value(), 9);
}

TEST(PowerCounterTest, OlderJetsonsSayMilliwatts) {
  const SystemFolder system;
  system.write("bus/i2c/devices/6-0040/iio:device0/rail_name_0", "POM_5V_IN");
  system.write("bus/i2c/devices/6-0040/iio:device0/in_power0_input", "4321");
  const auto counter = system.counter();
  ASSERT_NE(counter, nullptr);
  counter->pass_ended(0);
  EXPECT_DOUBLE_EQ(counter->watts().value(), 4.321);
}

}  // namespace
}  // namespace splitlane::training
