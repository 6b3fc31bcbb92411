set terminal svg size 900,380 font 'sans-serif,12' background 'white'
set output 'fig5.svg'
set datafile separator ','
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.7 border -1
set grid ytics
set yrange [0:*]
set logscale y
set yrange [1:*]
set ylabel 'ms, logarithmic'
set xtics rotate by -30
plot 'fig5.csv' skip 1 using 3:xtic(stringcolumn(1).' '.stringcolumn(2)) title 'forward', \
     '' skip 1 using 4 title 'backward'
