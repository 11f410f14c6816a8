"""Words that carry a sentence and not its subject, of each language, folded.

They are indexed like all others, so that phrases hold them; a query only does without them when it has other words. So
articles, pronouns, prepositions, conjunctions, auxiliaries and the words of questions are here. What turns the meaning
around is not: "not", "without", "pas", "sin". Neither is what is another word in English, as a library of several
languages does without the stop words of all of them: "war", "die", "son", "AI".
"""

from __future__ import annotations

STOP_WORDS = {
    "ar": "التي الذي الذين الي ام اما ان انا انت انه انها او اي اين به بها بين تحت تلك ثم حتي حيث ذلك علي عن عند فوق"
    " في فيه فيها قد كان كانت كل كما كيف لان لذلك لقد لكن لكي له لها لهم ما ماذا متي مع من منذ منه منها نحن هذا"
    " هذه هل هم هنا هناك هو هي وقد وهو وهي يكون",
    "de": "aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bis bist da damit"
    " dann das dass dazu dein deine dem den denen denn der deren des dessen dich diese diesem diesen dieser"
    " dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer fur gegen habe haben"
    " hatte hatten hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder"
    " jedes jene jener kann konnen konnte mein meine mich mir mit muss mussen nach noch nur ob oder sehr sein"
    " seine seinem seinen seiner seit sich sie sind so soll sollen sondern sowie uber um und uns unser unsere"
    " unter vom von vor wann warum was wegen weil welche welchem welchen welcher welches wenn wer werde werden"
    " wie wieder wir wird wo wurde wurden zu zum zur zwischen",
    "en": "a about all also am an and any are as at be because been being both but by can could did do does doing"
    " each either every for from had has have having he her hers him his how i if in into is it its itself just"
    " may me might mine must my of on one onto or other our ours shall she should so some such than that the"
    " their theirs them then there these they this those though through thus to too upon us very via was we were"
    " what when where whether which while who whom whose why will with would you your yours",
    "es": "a al algo algun alguna algunas alguno algunos ante aquel aquella aquellos asi aun aunque cada como con"
    " cual cuales cualquier cuando cuanto de del desde donde dos el ella ellas ello ellos en entre eran eres es"
    " esa esas ese eso esos esta estaba estado estamos estan estar estas este esto estos estoy fue fueron ha"
    " haber habia han hasta hay he la las le les lo los mas mi mientras mis muy nos nosotros nuestra nuestras"
    " nuestro nuestros o os otra otras otro otros para pero poder por porque pues que quien quienes se sean"
    " segun ser si sido sobre somos soy su sus tal tambien te tiene tienen toda todas todo todos tu tus un una"
    " unas uno unos usted y ya yo",
    "fr": "a ainsi apres au aussi autre autres aux avait avec avez avoir avons c ca ce ceci cela celle celles celui"
    " ces cet cette ceux chaque chez ci combien comme comment d dans de depuis des doit doivent donc dont du"
    " elle elles en entre es est et etait etant etre eux faire fait faut il ils j je l la le les leur leurs lors"
    " lorsque lui m ma mais me meme memes mes moi mon n ne nos notre nous on ont ou par pendant peut peuvent"
    " plus pourquoi puis qu quand que quel quelle quelles quels qui quoi s sa se selon sera ses si soit sommes"
    " sont suis sur t ta tandis te tel telle tes toi tous tout toute toutes tres tu un une vers vos votre vous y",
    "it": "a abbiamo ad agli al alcuni all alla alle allo anche avere aveva che chi ci coi col con cosa cosi cui da"
    " dagli dai dal dall dalla dalle dallo degli dei del dell della delle dello deve devono di dopo dove e ed"
    " erano essere fra gli ha hanno ho i il in io l la le lei li lo loro lui ma mentre mi mia mie mio ne negli"
    " nei nel nell nella nelle nello noi nostra nostre nostri nostro o ogni oppure per perche piu puo qual quale"
    " quali quando quanto quella quelle quelli quello questa queste questi questo qui se si sia siamo sono sta"
    " stata stati stato su sua sue sugli sui sul sull sulla sulle suo suoi tra tutte tutti tutto un una uno vi"
    " voi",
    "nl": "aan al alle als altijd andere bij daar dan dat de deze dit doen een eens en er ge geweest had hadden heb"
    " hebben heeft hem het hier hij hoe hun iets ik in is ja je kan kon kunnen maar me meer met mij mijn moet na"
    " naar nog nu of om omdat onder ons onze ook op te tegen toch toen tot u uit uw veel voor waar waarom"
    " wanneer waren wat we welk welke werd wie wij wil worden wordt zal ze zelf zich zij zijn zo zou",
    "pt": "a ao aos aquela aquelas aquele aqueles aquilo as assim ate cada com como da das de dela delas dele deles"
    " desde dessa desse desta deste do dos e ela elas ele eles em entre eram essa essas esse esses esta estao"
    " estar estas estava este estes foi foram ha isso isto ja lhe lhes mais mas me mesmo meu meus minha muito na"
    " nas nos nossa nossas nosso nossos num numa o onde os ou outra outras outro outros para pela pelas pelo"
    " pelos pode podem pois por porque quais qual qualquer quando quanto que quem sao se seja sendo ser seu seus"
    " so sobre sua suas tal tambem tem tendo ter teve toda todas todo todos tu um uma umas uns voce",
    "ru": "а бы был была были было быть в вам вас ведь весь во вот все всего всех вы где да для до его ее если есть"
    " еще же за здесь и из или им их к как какая какие какой когда кого кто ли либо между меня мне мы на над"
    " надо нам нас него нее ней них но о об однако он она они оно от очень по под почему при с со так также"
    " такие такой там те тем то того тоже той только том ты у уже чего чей чем что чтобы эта эти это этого этой"
    " этом этот эту я",
}
"""The stop words of a language, by its ISO 639-1 code, parted by spaces."""
