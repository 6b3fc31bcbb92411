# Completion of splitlane for bash; made by scripts/build-manual.

# Offers words of $1, the last of a list after a comma where $2 is "list".
_splitlane_words() {
  local before=""
  if [ "${2:-}" = list ] && [[ $cur == *,* ]]; then before="${cur%,*},"; fi
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${cur#"$before"}")
}

_splitlane_paths() {
  local found
  mapfile -t found < <(compgen "$1" -- "$cur")
  COMPREPLY+=("${found[@]}")
  compopt -o filenames 2>/dev/null || true  # outside of a completion there is nothing to set
}

_splitlane() {
  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD - 1]}" verb="" word index
  COMPREPLY=()
  # Bash makes three words of --method=equid.
  if [ "$cur" = = ]; then
    cur=""
  elif [ "$prev" = = ]; then
    prev="${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="${COMP_WORDS[index]}"
    case "$verb $word" in
      ' plan') verb='plan' ;;
      ' check') verb='check' ;;
      ' verify') verb='verify' ;;
      ' compare') verb='compare' ;;
      ' report') verb='report' ;;
      ' info') verb='info' ;;
      ' profile') verb='profile' ;;
      'profile list') verb='profile list' ;;
      'profile model') verb='profile model' ;;
      'profile device') verb='profile device' ;;
      'profile link') verb='profile link' ;;
      'profile measure') verb='profile measure' ;;
      'profile import') verb='profile import' ;;
      ' instance') verb='instance' ;;
      ' scenario') verb='scenario' ;;
      ' whatif') verb='whatif' ;;
      ' round') verb='round' ;;
      ' simulate') verb='simulate' ;;
      ' train') verb='train' ;;
      ' reproduce') verb='reproduce' ;;
    esac
  done
  case "$verb" in
    '')
      case "$cur" in
        -*) _splitlane_words '--version -h --help' ;;
        *) _splitlane_words 'plan check verify compare report info profile instance scenario whatif round simulate train reproduce' ;;
      esac
      ;;
    'plan')
      case "$prev" in
        -o|--output|--from|--certificate) _splitlane_paths -f; return ;;
        --method) _splitlane_words 'auto exact scale admm paper-strategy ilp balanced-greedy equid ed-fcfs random-fcfs'; return ;;
        --time-limit|--threads|--seed|--max-moves|--rho|--epsilon1|--epsilon2|--max-iterations) return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help -o --output --method --time-limit --threads --seed --from --keep-assignment --max-moves --rho --epsilon1 --epsilon2 --max-iterations --certificate --non-preemptive --reproducible -q --quiet' ;;
        *) _splitlane_paths -f ;;
      esac
      ;;
    'check')
      case "$prev" in
        --trace) _splitlane_paths -f; return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help --trace -q --quiet' ;;
        *) _splitlane_paths -f ;;
      esac
      ;;
    'verify')
      case "$prev" in
        --time-limit) return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help --time-limit -q --quiet' ;;
        *) _splitlane_paths -f ;;
      esac
      ;;
    'compare')
      case "$prev" in
        --methods) _splitlane_words 'auto exact scale admm paper-strategy ilp balanced-greedy equid ed-fcfs random-fcfs' list; return ;;
        --time-limit|--threads|--seed) return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help --methods --time-limit --threads --seed' ;;
        *) _splitlane_paths -f ;;
      esac
      ;;
    'report')
      case "$prev" in
        -o|--output|--against|--trace) _splitlane_paths -f; return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help -o --output --against --trace' ;;
        *) _splitlane_paths -f ;;
      esac
      ;;
    'info')
      case "$cur" in
        -*) _splitlane_words '-h --help' ;;
        *) _splitlane_paths -f ;;
      esac
      ;;
    'profile')
      case "$cur" in
        -*) _splitlane_words '-h --help' ;;
        *) _splitlane_words 'list model device link measure import' ;;
      esac
      ;;
    'profile list')
      case "$cur" in
        -*) _splitlane_words '-h --help' ;;
      esac
      ;;
    'profile model')
      case "$prev" in
        -o|--output) _splitlane_paths -f; return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help -o --output' ;;
        *) _splitlane_words 'resnet101_cifar resnet101_mnist vgg19_cifar vgg19_mnist resnet18_cifar resnet18_imagenet resnet50_cifar resnet50_imagenet vgg11_cifar vgg11_imagenet mobilenetv2_cifar mobilenetv2_imagenet vgg19_bn_cifar vgg19_bn_mnist vgg11_bn_cifar resnet20_cifar resnet8_cifar'; _splitlane_paths -f ;;
      esac
      ;;
    'profile device')
      case "$prev" in
        -o|--output) _splitlane_paths -f; return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help -o --output' ;;
        *) _splitlane_words 'apple-m1 h200-host h200 jetson-nano-cpu jetson-nano-gpu rpi-3 rpi-4 vm'; _splitlane_paths -f ;;
      esac
      ;;
    'profile link')
      case "$prev" in
        --listen|-o|--output) _splitlane_paths -f; return ;;
        --timeout|--repeats) return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help --listen --timeout --repeats -o --output' ;;
        *) _splitlane_words 'akamai-france akamai-germany gigabit-ethernet home-wifi lte'; _splitlane_paths -f ;;
      esac
      ;;
    'profile measure')
      case "$prev" in
        --network) _splitlane_words 'resnet101_cifar resnet101_mnist vgg19_cifar vgg19_mnist resnet18_cifar resnet18_imagenet resnet50_cifar resnet50_imagenet vgg11_cifar vgg11_imagenet mobilenetv2_cifar mobilenetv2_imagenet vgg19_bn_cifar vgg19_bn_mnist vgg11_bn_cifar resnet20_cifar resnet8_cifar'; _splitlane_paths -f; return ;;
        --torchscript|--sample|--model-output|--batch|--threads|--name|-o|--output) _splitlane_paths -f; return ;;
        --optimizer) _splitlane_words 'sgd momentum adam'; return ;;
        --runs|--warm-up|--time-limit) return ;;
        --base) _splitlane_words 'apple-m1 h200-host h200 jetson-nano-cpu jetson-nano-gpu rpi-3 rpi-4 vm'; _splitlane_paths -f; return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help --network --torchscript --sample --model-output --batch --threads --optimizer --runs --warm-up --time-limit --name --base -o --output -q --quiet' ;;
      esac
      ;;
    'profile import')
      case "$prev" in
        --times|--memory|--device|-o|--output) _splitlane_paths -f; return ;;
        --model) _splitlane_words 'resnet101_cifar resnet101_mnist vgg19_cifar vgg19_mnist resnet18_cifar resnet18_imagenet resnet50_cifar resnet50_imagenet vgg11_cifar vgg11_imagenet mobilenetv2_cifar mobilenetv2_imagenet vgg19_bn_cifar vgg19_bn_mnist vgg11_bn_cifar resnet20_cifar resnet8_cifar'; _splitlane_paths -f; return ;;
        --batch) return ;;
        --base) _splitlane_words 'apple-m1 h200-host h200 jetson-nano-cpu jetson-nano-gpu rpi-3 rpi-4 vm'; _splitlane_paths -f; return ;;
        --activations) _splitlane_words 'output input'; return ;;
        --zero-layers) _splitlane_words 'unmeasured joined'; return ;;
        --folder) _splitlane_paths -d; return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help --times --memory --model --batch --device --base --activations --zero-layers -o --output --folder -q --quiet' ;;
      esac
      ;;
    'instance')
      case "$prev" in
        -o|--output) _splitlane_paths -f; return ;;
        --time-unit) _splitlane_words 'us ms s'; return ;;
        --slot|--cuts|--batch) return ;;
        --model) _splitlane_words 'resnet101_cifar resnet101_mnist vgg19_cifar vgg19_mnist resnet18_cifar resnet18_imagenet resnet50_cifar resnet50_imagenet vgg11_cifar vgg11_imagenet mobilenetv2_cifar mobilenetv2_imagenet vgg19_bn_cifar vgg19_bn_mnist vgg11_bn_cifar resnet20_cifar resnet8_cifar'; _splitlane_paths -f; return ;;
        --optimizer) _splitlane_words 'sgd momentum adam'; return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help -o --output --time-unit --slot --model --cuts --batch --optimizer --local -q --quiet' ;;
        *) _splitlane_paths -f ;;
      esac
      ;;
    'scenario')
      case "$prev" in
        --kind) _splitlane_words 'scenario-1 scenario-2 equid-1 equid-2 equid-3 equid-4'; return ;;
        --model) _splitlane_words 'resnet101_cifar resnet101_mnist vgg19_cifar vgg19_mnist resnet18_cifar resnet18_imagenet resnet50_cifar resnet50_imagenet vgg11_cifar vgg11_imagenet mobilenetv2_cifar mobilenetv2_imagenet vgg19_bn_cifar vgg19_bn_mnist vgg11_bn_cifar resnet20_cifar resnet8_cifar'; _splitlane_paths -f; return ;;
        --clients|--helpers|--reach|--seed|--batch|--cuts|--slot) return ;;
        --topology) _splitlane_words 'random plane ring'; return ;;
        --memory) _splitlane_words 'none ram tight'; return ;;
        --optimizer) _splitlane_words 'sgd momentum adam'; return ;;
        --client-devices|--helper-devices) _splitlane_words 'apple-m1 h200-host h200 jetson-nano-cpu jetson-nano-gpu rpi-3 rpi-4 vm' list; _splitlane_paths -f; return ;;
        --link) _splitlane_words 'akamai-france akamai-germany gigabit-ethernet home-wifi lte'; _splitlane_paths -f; return ;;
        --measurements) _splitlane_paths -d; return ;;
        --zero-layers) _splitlane_words 'unmeasured joined'; return ;;
        --time-unit) _splitlane_words 'us ms s'; return ;;
        -o|--output) _splitlane_paths -f; return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help --kind --model --clients --helpers --reach --topology --memory --seed --batch --optimizer --client-devices --helper-devices --link --cuts --every-cut --local --measurements --zero-layers --time-unit --slot -o --output -q --quiet' ;;
      esac
      ;;
    'whatif')
      case "$prev" in
        --method) _splitlane_words 'auto exact scale admm paper-strategy ilp balanced-greedy equid ed-fcfs random-fcfs'; return ;;
        --time-limit|--threads|--seed|--faster|--faster-client|--faster-helper|--add-helper|--more-memory|--without-client) return ;;
        -o|--output) _splitlane_paths -f; return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help --method --time-limit --threads --seed --non-preemptive --faster --json -q --quiet --faster-client --faster-helper --add-helper --more-memory --without-client -o --output' ;;
        *) _splitlane_paths -f ;;
      esac
      ;;
    'round')
      case "$prev" in
        --batches|-o|--output) _splitlane_paths -f; return ;;
        --way) _splitlane_words 'barrier pipelined best'; return ;;
        --time-limit|--threads) return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help --batches --way --time-limit --threads -o --output -q --quiet' ;;
        *) _splitlane_paths -f ;;
      esac
      ;;
    'simulate')
      case "$prev" in
        --executions|--noisy|--layers|--straggler|--random-stragglers|--lose|--replan-every|--max-moves|--planning-time|--time-limit|--threads|--seed) return ;;
        --rules) _splitlane_words 'planned first-come longest-tail longest-path' list; return ;;
        --noise|--device-noise|--drift|--batches|--slack|-o|--output) _splitlane_paths -f; return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help --executions --rules --noise --device-noise --noisy --drift --layers --straggler --random-stragglers --lose --replan --replan-every --max-moves --planning-time --batches --regret --slack --time-limit --threads --seed -o --output -q --quiet' ;;
        *) _splitlane_paths -f ;;
      esac
      ;;
    'train')
      case "$prev" in
        -o|--output|--data-folder) _splitlane_paths -d; return ;;
        --network|--torchscript|--images|--labels|--dirichlet) _splitlane_paths -f; return ;;
        --data) _splitlane_words 'cifar10 cifar100 idx numpy synthetic'; _splitlane_paths -f; return ;;
        --rounds|--batches|--batch|--learning-rate|--seed|--time-limit|--time-scale|--threads) return ;;
        --optimizer) _splitlane_words 'sgd momentum adam'; return ;;
        --rule) _splitlane_words 'planned first-come longest-tail longest-path'; return ;;
        --assignment) _splitlane_words 'planned random'; return ;;
        --method) _splitlane_words 'auto exact scale admm paper-strategy ilp balanced-greedy equid ed-fcfs random-fcfs'; return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help -o --output --network --torchscript --idle --data --data-folder --images --labels --dirichlet --rounds --batches --batch --optimizer --learning-rate --seed --rule --assignment --method --time-limit --time-scale --no-emulation --threads --resume --processes --unsplit --dry-run -q --quiet' ;;
        *) _splitlane_paths -f ;;
      esac
      ;;
    'reproduce')
      case "$prev" in
        --measurements|-o|--output) _splitlane_paths -d; return ;;
      esac
      case "$cur" in
        -*) _splitlane_words '-h --help --measurements -o --output -q --quiet' ;;
        *) _splitlane_words 'all table2 fig5 fig6 fig7 fig8' ;;
      esac
      ;;
  esac
}

complete -F _splitlane splitlane
