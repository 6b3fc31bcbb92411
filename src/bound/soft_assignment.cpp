#include "bound/soft_assignment.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace splitlane {

namespace {

constexpr std::size_t kMostChunks = 32;
constexpr std::size_t kCurvatureChunks = 4;
constexpr std::size_t kWorthThreads = 400'000;  // sampled options
constexpr std::size_t kClientsPerChunk = 256;   // fewer are not worth a chunk of their own
constexpr float kLeastShare = 1e-3F;
constexpr double kLeastUnit = 1e-9;
constexpr double kFarthest = 12.0;  // exp(-12) counts as 0

std::size_t chunks_for(std::size_t clients, std::size_t most) {
  return std::clamp<std::size_t>(clients / kClientsPerChunk, 1, most);
}

}  // namespace

SoftAssignment::SoftAssignment(const PriceProblem& problem, Workers& workers)
    : problem_(problem),
      workers_(workers),
      cell_price_(problem.cell_count()),
      memory_price_(problem.helper_count() + 1, 0.0),
      sums_(chunks_for(problem.instance().client_count(), kMostChunks)) {
  loads_.windows.resize(problem.window_count());
  loads_.memory.resize(problem.helper_count());
}

void SoftAssignment::set_prices(const RowValues& prices) {
  problem_.spread_to_cells(prices.windows, cell_price_);
  std::copy(prices.memory.begin(), prices.memory.end(), memory_price_.begin());
}

void SoftAssignment::set_units(const RowValues& prices) {
  set_prices(prices);
  const std::size_t clients = problem_.instance().client_count();
  unit_.resize(clients);
  workers_.for_each_in_time(sums_.size(), [&](std::size_t chunk) {
    const auto [first, last] = chunk_of(clients, sums_.size(), chunk);
    for (const ClientIndex client : IndexRange<ClientIndex>(first, last)) {
      double least = std::numeric_limits<double>::max();
      double most = 0.0;
      for (const PriceProblem::Option& option : problem_.options(client)) {
        least = std::min(least, cost(option));
        most = std::max(most, cost(option));
      }
      // A client that can be served for nothing still needs a unit to tell its other options apart.
      unit_[client] = static_cast<float>(std::max({least, 0.1 * most, kLeastUnit}));
    }
  });
}

void SoftAssignment::clear_sums(Sums& sums) const {
  sums.cells.assign(problem_.cell_count(), 0.0);
  sums.memory.assign(problem_.helper_count() + 1, 0.0);
  sums.costs = {};
}

// Fills in the shares, in the order of the client's options, and returns the client's costs.
SoftAssignment::Costs SoftAssignment::client_shares(ClientIndex client, double sharpness,
                                                    std::vector<double>& shares) const {
  const std::span<const PriceProblem::Option> options = problem_.options(client);
  shares.resize(options.size());
  double least = std::numeric_limits<double>::max();
  for (std::size_t index = 0; index < options.size(); ++index) {
    shares[index] = cost(options[index]);
    least = std::min(least, shares[index]);
  }
  const double scale = sharpness / unit_[client];
  double sum = 0.0;
  for (double& share : shares) {
    const double distance = (share - least) * scale;
    share = distance < kFarthest ? std::exp(-distance) : 0.0;
    sum += share;
  }
  for (double& share : shares) share /= sum;
  return {least, least - std::log(sum) / scale};
}

void SoftAssignment::add_up(std::size_t chunks, RowValues& loads) {
  clear_sums(total_);
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    const Sums& sums = sums_[chunk];
    for (std::size_t cell = 0; cell < total_.cells.size(); ++cell) total_.cells[cell] += sums.cells[cell];
    for (const HelperIndex helper : total_.memory.indices()) total_.memory[helper] += sums.memory[helper];
    total_.costs.least += sums.costs.least;
    total_.costs.smooth += sums.costs.smooth;
  }
  loads.windows.resize(problem_.window_count());
  problem_.gather_from_cells(total_.cells, loads.windows);
  loads.memory.resize(problem_.helper_count());
  std::copy(total_.memory.begin(), total_.memory.end() - 1, loads.memory.begin());
}

SoftAssignment::Costs SoftAssignment::spread(const RowValues& prices, double sharpness) {
  set_prices(prices);
  const std::size_t chunks = sums_.size();
  workers_.for_each_in_time(chunks, [&](std::size_t chunk) {
    Sums& sums = sums_[chunk];
    clear_sums(sums);
    std::vector<double> shares;
    const auto [first, last] = chunk_of(problem_.instance().client_count(), chunks, chunk);
    for (const ClientIndex client : IndexRange<ClientIndex>(first, last)) {
      const std::span<const PriceProblem::Option> options = problem_.options(client);
      if (options.empty()) continue;
      const Costs costs = client_shares(client, sharpness, shares);
      sums.costs.least += costs.least;
      sums.costs.smooth += costs.smooth;
      for (std::size_t index = 0; index < options.size(); ++index) {
        if (shares[index] <= 0.0) continue;
        const PriceProblem::Option& option = options[index];
        sums.cells[option.forward_cell] += option.forward * shares[index];
        sums.cells[option.backward_cell] += option.backward * shares[index];
        sums.memory[option.helper] += option.demand * shares[index];
      }
    }
  });
  add_up(chunks, loads_);
  return total_.costs;
}

std::vector<float> SoftAssignment::shares(double sharpness) {
  std::vector<float> result(problem_.option_count());
  const std::size_t chunks = sums_.size();
  workers_.for_each_in_time(chunks, [&](std::size_t chunk) {
    std::vector<double> shares;
    const auto [first, last] = chunk_of(problem_.instance().client_count(), chunks, chunk);
    for (const ClientIndex client : IndexRange<ClientIndex>(first, last)) {
      client_shares(client, sharpness, shares);
      std::transform(shares.begin(), shares.end(),
                     result.begin() + static_cast<std::ptrdiff_t>(problem_.first_option(client)),
                     [](double share) { return static_cast<float>(share); });
    }
  });
  return result;
}

std::vector<float> SoftAssignment::regrets(const RowValues& prices) {
  set_prices(prices);
  std::vector<float> result(problem_.option_count());
  workers_.for_each_in_time(sums_.size(), [&](std::size_t chunk) {
    const auto [first, last] = chunk_of(problem_.instance().client_count(), sums_.size(), chunk);
    for (const ClientIndex client : IndexRange<ClientIndex>(first, last)) {
      const std::span<const PriceProblem::Option> options = problem_.options(client);
      float* regret = result.data() + problem_.first_option(client);
      float least = std::numeric_limits<float>::max();
      for (std::size_t index = 0; index < options.size(); ++index) {
        regret[index] = static_cast<float>(cost(options[index]));
        least = std::min(least, regret[index]);
      }
      for (std::size_t index = 0; index < options.size(); ++index) regret[index] -= least;
    }
  });
  return result;
}

void SoftAssignment::sample_curvature(double sharpness, std::size_t wanted) {
  const std::size_t clients = problem_.instance().client_count();
  if (sampled_per_client_ == 0.0) {
    sampled_per_client_ = static_cast<double>(problem_.option_count()) / static_cast<double>(clients);
  }
  const double expected = sampled_per_client_ * static_cast<double>(clients);
  const auto stride = 1 + static_cast<std::size_t>(expected / static_cast<double>(wanted));
  sampled_.clear();
  sampled_first_.assign(1, 0);
  steepness_.clear();
  std::vector<double> shares;
  std::size_t visited = 0;
  for (std::size_t position = 0; position < clients; position += stride, ++visited) {
    const ClientIndex client(position);
    const std::span<const PriceProblem::Option> options = problem_.options(client);
    client_shares(client, sharpness, shares);
    const std::size_t before = sampled_.size();
    for (std::size_t index = 0; index < options.size(); ++index) {
      const auto share = static_cast<float>(shares[index]);
      if (share > kLeastShare) sampled_.push_back({options[index], share});
    }
    if (sampled_.size() < before + 2) {
      sampled_.resize(before);
      continue;
    }
    sampled_first_.push_back(static_cast<std::uint32_t>(sampled_.size()));
    steepness_.push_back(static_cast<double>(stride) * sharpness / unit_[client]);
  }
  // Never far below one, so that a sample without any does not make the next one take in everybody.
  sampled_per_client_ = std::max(0.1, static_cast<double>(sampled_.size()) / static_cast<double>(visited));
}

void SoftAssignment::apply_to_clients(std::size_t first, std::size_t last, Sums& sums) const {
  for (std::size_t sample = first; sample < last; ++sample) {
    double mean = 0.0;
    for (std::size_t index = sampled_first_[sample]; index < sampled_first_[sample + 1]; ++index) {
      mean += sampled_[index].share * cost(sampled_[index].option);
    }
    for (std::size_t index = sampled_first_[sample]; index < sampled_first_[sample + 1]; ++index) {
      const PriceProblem::Option& option = sampled_[index].option;
      const double change = sampled_[index].share * steepness_[sample] * (cost(option) - mean);
      sums.cells[option.forward_cell] += option.forward * change;
      sums.cells[option.backward_cell] += option.backward * change;
      sums.memory[option.helper] += option.demand * change;
    }
  }
}

// Called often: unless it is long, threads on a machine with other work would wait for each other longer than they
// save.
void SoftAssignment::apply_curvature(const RowValues& direction, RowValues& result) {
  set_prices(direction);
  const std::size_t chunks =
      sampled_.size() < kWorthThreads ? 1 : std::min<std::size_t>(kCurvatureChunks, sums_.size());
  workers_.for_each_in_time(chunks, [&](std::size_t chunk) {
    clear_sums(sums_[chunk]);
    const auto [first, last] = chunk_of(steepness_.size(), chunks, chunk);
    apply_to_clients(first, last, sums_[chunk]);
  });
  add_up(chunks, result);
}

void SoftAssignment::curvature_diagonal(RowValues& result) {
  result.windows.assign(problem_.window_count(), 0.0);
  result.memory.assign(problem_.helper_count(), 0.0);
  for (std::size_t sample = 0; sample < steepness_.size(); ++sample) {
    for (std::size_t index = sampled_first_[sample]; index < sampled_first_[sample + 1]; ++index) {
      const auto& [option, share] = sampled_[index];
      const double weight = steepness_[sample] * share * (1.0 - share);
      if (option.helper.value() == problem_.helper_count()) continue;
      const PriceProblem::Helper& helper = problem_.helper(option.helper);
      result.memory[option.helper] += weight * option.demand * option.demand;
      const std::uint32_t width = helper.tails + 1;
      for (std::uint32_t window = 0; window < helper.heads * helper.tails; ++window) {
        const std::uint32_t head = window / helper.tails;
        const std::uint32_t tail = window % helper.tails;
        const auto counts = [&](std::uint32_t cell) {
          return (cell - helper.first_cell) / width > head && (cell - helper.first_cell) % width > tail;
        };
        const double load = (counts(option.forward_cell) ? option.forward : 0.0F) +
                            (counts(option.backward_cell) ? option.backward : 0.0F);
        result.windows[helper.first_window + window] += weight * load * load;
      }
    }
  }
}

}  // namespace splitlane
