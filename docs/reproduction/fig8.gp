set terminal svg size 1100,380 font 'sans-serif,12' background 'white'
set output 'fig8.svg'
set datafile separator ','
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.7 border -1
set grid ytics
set yrange [0:*]
set ylabel 'batch makespan (s)'
set xlabel 'number of helpers'
set multiplot layout 1,2
set title 'resnet101'
plot 'fig8.csv' every ::1::6 using 3:xtic(2) title 'paper', \
     '' every ::1::6 using 4 title 'balanced-greedy', \
     '' every ::1::6 using 5 title 'exact'
set title 'vgg19'
plot 'fig8.csv' every ::7::12 using 3:xtic(2) title 'paper', \
     '' every ::7::12 using 4 title 'balanced-greedy', \
     '' every ::7::12 using 5 title 'exact'
unset multiplot
