set terminal svg size 1200,800 font 'sans-serif,12' background 'white'
set output 'fig7.svg'
set datafile separator ','
set style data histograms
set style histogram clustered gap 1
set style fill solid 0.7 border -1
set grid ytics
set yrange [0:*]
set ylabel 'batch makespan (s)'
set key top left
set multiplot layout 2,2
size(j, i) = sprintf('(%s,%s)', j, i)
set title 'Scenario 1, resnet101'
plot 'fig7.csv' every ::1::8 using 8:xtic(size(stringcolumn(3), stringcolumn(4))) title 'ADMM', \
     '' every ::1::8 using 9 title 'ADMM, rho = 1', \
     '' every ::1::8 using 10 title 'balanced-greedy', \
     '' every ::1::8 using 11 title 'EquiD', \
     '' every ::1::8 using 12 title 'baseline', \
     '' every ::1::8 using 13 title 'exact'
set title 'Scenario 1, vgg19'
plot 'fig7.csv' every ::9::16 using 8:xtic(size(stringcolumn(3), stringcolumn(4))) title 'ADMM', \
     '' every ::9::16 using 9 title 'ADMM, rho = 1', \
     '' every ::9::16 using 10 title 'balanced-greedy', \
     '' every ::9::16 using 11 title 'EquiD', \
     '' every ::9::16 using 12 title 'baseline', \
     '' every ::9::16 using 13 title 'exact'
set title 'Scenario 2, resnet101'
plot 'fig7.csv' every ::17::24 using 8:xtic(size(stringcolumn(3), stringcolumn(4))) title 'ADMM', \
     '' every ::17::24 using 9 title 'ADMM, rho = 1', \
     '' every ::17::24 using 10 title 'balanced-greedy', \
     '' every ::17::24 using 11 title 'EquiD', \
     '' every ::17::24 using 12 title 'baseline', \
     '' every ::17::24 using 13 title 'exact'
set title 'Scenario 2, vgg19'
plot 'fig7.csv' every ::25::32 using 8:xtic(size(stringcolumn(3), stringcolumn(4))) title 'ADMM', \
     '' every ::25::32 using 9 title 'ADMM, rho = 1', \
     '' every ::25::32 using 10 title 'balanced-greedy', \
     '' every ::25::32 using 11 title 'EquiD', \
     '' every ::25::32 using 12 title 'baseline', \
     '' every ::25::32 using 13 title 'exact'
unset multiplot
