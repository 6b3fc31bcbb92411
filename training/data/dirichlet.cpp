#include "training/data/dirichlet.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace splitlane::training {

namespace {

// In (0, 1): a logarithm is taken of it.
double open_unit(RandomEngine& engine) {
  double draw = random_unit(engine);
  while (draw == 0) draw = random_unit(engine);
  return draw;
}

double draw_normal(RandomEngine& engine) {
  while (true) {
    const double x = 2 * random_unit(engine) - 1;
    const double y = 2 * random_unit(engine) - 1;
    const double square = x * x + y * y;
    if (square > 0 && square < 1) return x * std::sqrt(-2 * std::log(square) / square);
  }
}

// Of a gamma variate with shape at least 1.
double draw_log_gamma_from_one(double shape, RandomEngine& engine) {
  const double d = shape - 1.0 / 3.0;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double normal = draw_normal(engine);
    const double root = 1 + c * normal;
    if (root <= 0) continue;
    const double cube = root * root * root;
    const double log_cube = std::log(cube);
    if (std::log(open_unit(engine)) < 0.5 * normal * normal + d - d * cube + d * log_cube)
      return std::log(d) + log_cube;
  }
}

double draw_log_gamma(double shape, RandomEngine& engine) {
  if (shape >= 1) return draw_log_gamma_from_one(shape, engine);
  const double larger = draw_log_gamma_from_one(shape + 1, engine);
  return larger + std::log(open_unit(engine)) / shape;
}

}  // namespace

std::vector<double> draw_dirichlet(std::size_t count, double alpha, RandomEngine& engine) {
  std::vector<double> shares(count);
  for (double& share : shares) share = draw_log_gamma(alpha, engine);
  const double largest = *std::ranges::max_element(shares);
  for (double& share : shares) share = std::exp(share - largest);
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace splitlane::training
