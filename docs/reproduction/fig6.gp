set terminal svg size 900,380 font 'sans-serif,12' background 'white'
set output 'fig6.svg'
set datafile separator ','
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.7 border -1
set grid ytics
set yrange [0:*]
set ylabel 'batch makespan (s)'
set xtics rotate by -30
set key top left
name(n, h, s) = sprintf('%s (50,%s) %s ms', n, h, s)
plot 'fig6.csv' skip 1 using 4:xtic(name(stringcolumn(1), stringcolumn(2), stringcolumn(3))) title 'paper (ADMM)', \
     '' skip 1 using 5 title 'ADMM', \
     '' skip 1 using 6 title 'ADMM, rho = 1', \
     '' skip 1 using 7 title 'exact'
